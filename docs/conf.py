"""Sphinx configuration of the site: `sphinx-build -W docs build/site`."""

import importlib.metadata
import inspect
import re
from pathlib import Path

from docutils import nodes
from latex2mathml.converter import convert as mathml

from dlseq.course.exercises import EXERCISES
from dlseq.course.to_markdown import to_markdown
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
html_extra_path = [path for path in ("../build/extra",) if (Path(__file__).parent / path).is_dir()]  # with gallery/
html_sidebars = {"**": []}
html_theme_options = {"use_edit_page_button": False, "show_prev_next": False, "secondary_sidebar_items": ["page-toc"]}

# Headings get the anchors that GitHub gives them, so that one link works in both places.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "dollarmath"]
html_math_renderer = "mathml"  # drawn by browsers themselves: no script, no network

autodoc_default_options = {"members": True}
autodoc_typehints = "none"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_custom_sections = [("Call arguments", "params_style")]

# A word in single backticks is code, as in Markdown.
default_role = "code"

ROOT = Path(__file__).parents[1]
LESSON_NOTE = """```{{note}}
The lesson as students receive it, with functions to complete. Its code is not executed here, because it needs the
solutions. It is the file `exercises/{name}.py`, a script that editors show as cells; `dlseq check {name}` tests it, and
the [contracts](../exercises.md) have its signatures and shapes.
```"""
LESSON_INDEX = """# Lessons

The exercises in the order in which they are taught, as students receive them: text, and functions to complete.

```{{toctree}}
:maxdepth: 1

{names}
```
"""

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


def link_gallery(app, docname, source):
    """Link the interactive pages of a task's models below its title, where `dlseq gallery` has written them."""
    folders = [Path(app.confdir) / path / "gallery" for path in app.config.html_extra_path]
    pattern = "index.html" if docname == "models" else f"{docname}-*.html"
    pages = sorted(page for folder in folders for page in folder.glob(pattern))
    if pages:
        links = ", ".join(f'<a href="gallery/{page.name}">{page.stem}</a>' for page in pages)
        title, _, text = source[0].partition("\n")
        source[0] = f"{title}\n\nInteractive pages of the shipped models: {links}.\n{text}"


def write_lessons(app):
    """Write a page for each exercise into `docs/lessons/`, from the stub that students receive."""
    folder = ROOT / "docs/lessons"
    folder.mkdir(exist_ok=True)
    pages = {"index.md": LESSON_INDEX.format(names="\n".join(exercise.name for exercise in EXERCISES))}
    for exercise in EXERCISES:
        stub = (ROOT / "exercises" / f"{exercise.name}.py").read_text("utf-8")
        pages[f"{exercise.name}.md"] = to_markdown(stub, LESSON_NOTE.format(name=exercise.name))
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def visit_math(writer, node):
    """Write an inline formula as MathML."""
    writer.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def visit_math_block(writer, node):
    """Write a formula of its own as MathML, in a box that scrolls where it is wider than the page."""
    formula = mathml(node.astext(), display="block")
    writer.body.append(
        f'<div class="formula" style="overflow-x: auto; margin-bottom: 1.15rem" tabindex="0">{formula}</div>'
    )
    raise nodes.SkipNode


def setup(app):
    app.connect("builder-inited", write_lessons)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    app.connect("autodoc-process-docstring", separate_lists, priority=400)
    app.connect("autodoc-process-signature", signature_of_init)
    app.connect("source-read", unlink_pages_outside)
    app.connect("source-read", link_gallery)
