"""The modules of tests that assignments bring along. Every name in them is a function that does nothing: ours count."""

__all__ = []


def find_test(name):
    """Return a function that does nothing, by any name: the `__getattr__` of these modules.

    Example:
        >>> find_test("clip_test")(None)
    """
    if name.startswith("__"):
        raise AttributeError(name)
    return _do_nothing


def _do_nothing(*arguments, **keywords):
    pass
