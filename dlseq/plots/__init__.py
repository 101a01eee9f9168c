"""Plots for sequence models: arrays in, Matplotlib figures out."""

from dlseq.plots.attention import attention_heatmap
from dlseq.plots.curves import training_curves
from dlseq.plots.style import check_figure_path, save_figure
from dlseq.plots.token_tree import next_token_tree

__all__ = ["attention_heatmap", "check_figure_path", "next_token_tree", "save_figure", "training_curves"]
