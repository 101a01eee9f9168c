"""Functions that Jupyter and Colab put into every notebook."""

__all__ = ["NOTEBOOK_FUNCTIONS"]


def _display(*values, **options):
    """Show nothing."""


def _get_ipython():
    """Return None, as IPython does outside of a notebook: there is no shell."""


NOTEBOOK_FUNCTIONS = {"display": _display, "get_ipython": _get_ipython}
