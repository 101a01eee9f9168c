"""Plots for sequence models: arrays in, Matplotlib figures or HTML pages out."""

from dlseq.plots.attention import attention_heatmap
from dlseq.plots.clips import clip_probabilities
from dlseq.plots.curves import training_curves
from dlseq.plots.gene_tracks import gene_tracks
from dlseq.plots.image_attention import ImageAttentionExample, image_attention
from dlseq.plots.pages.attention_page import AttentionExample, PageWords, attention_page
from dlseq.plots.pages.image_attention_page import ImagePageWords, image_attention_page
from dlseq.plots.pages.page import Page
from dlseq.plots.pages.step_page import StepExample, StepWords, step_page
from dlseq.plots.piano_roll import piano_roll
from dlseq.plots.spectrogram import spectrogram, spectrogram_svg
from dlseq.plots.style import check_figure_path, save_figure
from dlseq.plots.token_tree import next_token_tree

__all__ = [
    "AttentionExample",
    "ImageAttentionExample",
    "ImagePageWords",
    "Page",
    "PageWords",
    "StepExample",
    "StepWords",
    "attention_heatmap",
    "attention_page",
    "check_figure_path",
    "clip_probabilities",
    "gene_tracks",
    "image_attention",
    "image_attention_page",
    "next_token_tree",
    "piano_roll",
    "save_figure",
    "spectrogram",
    "spectrogram_svg",
    "step_page",
    "training_curves",
]
