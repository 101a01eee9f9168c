"""Sphinx configuration of the site: `sphinx-build -W docs build/site`."""

import importlib.metadata
import inspect
import re

from dlseq.startup import import_keras

import_keras()  # without the log lines of TensorFlow

project = "dlseq"
author = "the authors of dlseq"
release = version = importlib.metadata.version("dlseq")
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "index"

html_theme = "pydata_sphinx_theme"
html_title = "dlseq"
html_show_sourcelink = False
html_sidebars = {"**": []}
html_theme_options = {"use_edit_page_button": False, "show_prev_next": False, "secondary_sidebar_items": ["page-toc"]}

# Headings get the anchors that GitHub gives them, so that one link works in both places.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

autodoc_default_options = {"members": True}
autodoc_typehints = "none"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_custom_sections = [("Call arguments", "params_style")]

# A word in single backticks is code, as in Markdown.
default_role = "code"

LIST_ITEM = re.compile(r"( *)(?:-|\d+\.) ")
OUTSIDE_LINK = re.compile(r"\[([^\]]*)\]\(\.\./[\w./]+\.md\)")


def separate_lists(app, what, name, obj, options, lines):
    """Surround the lists of a docstring with the blank lines that reStructuredText wants."""
    separated, inside = [], None  # the indentation of the list
    for line in lines:
        item = LIST_ITEM.match(line)
        indentation = len(line) - len(line.lstrip())
        starts = item and inside != len(item[1])
        ends = inside is not None and not item and line.strip() and indentation <= inside
        if (starts or ends) and separated and separated[-1].strip():
            separated.append("")
        inside = len(item[1]) if item else None if ends else inside
        separated.append(line.replace("*args, **kwargs:", r"\*args, \*\*kwargs:"))
    lines[:] = separated


def signature_of_init(app, what, name, obj, options, signature, returns):
    """Show the arguments of a Keras layer, whose metaclass hides them."""
    if what != "class" or "kwargs" not in (signature or ""):
        return None
    parameters = list(inspect.signature(obj.__init__).parameters.values())[1:]  # without self
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return str(inspect.Signature(plain)), None


def unlink_pages_outside(app, docname, source):
    """Leave the text of links to pages that are no part of the site."""
    source[0] = OUTSIDE_LINK.sub(r"\1", source[0])


def setup(app):
    app.connect("autodoc-process-docstring", separate_lists, priority=400)
    app.connect("autodoc-process-signature", signature_of_init)
    app.connect("source-read", unlink_pages_outside)
