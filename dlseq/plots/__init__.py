"""Plots for sequence models: arrays in, Matplotlib figures or HTML pages out."""

from dlseq.plots.attention import attention_heatmap
from dlseq.plots.attention_page import AttentionExample, attention_page, notebook_frame, save_attention_page
from dlseq.plots.curves import training_curves
from dlseq.plots.style import check_figure_path, save_figure
from dlseq.plots.token_tree import next_token_tree

__all__ = [
    "AttentionExample",
    "attention_heatmap",
    "attention_page",
    "check_figure_path",
    "next_token_tree",
    "notebook_frame",
    "save_attention_page",
    "save_figure",
    "training_curves",
]
