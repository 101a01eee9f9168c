"""Sequence models with attention as Keras layers, and a course on them that can be executed and graded.

`import dlseq` loads no framework: public names resolve on first use.
"""

__version__ = "0.1.0"
