"""Plots for sequence models: arrays in, Matplotlib figures or HTML pages out."""

from dlseq.plots.attention import attention_heatmap
from dlseq.plots.clips import clip_probabilities
from dlseq.plots.curves import training_curves
from dlseq.plots.gene_tracks import gene_tracks
from dlseq.plots.image_attention import ImageAttentionExample, image_attention
from dlseq.plots.pages.attention_page import (
    AttentionExample,
    PageWords,
    attention_page,
    notebook_frame,
    save_attention_page,
)
from dlseq.plots.pages.image_attention_page import (
    ImagePageWords,
    image_attention_page,
    notebook_image_frame,
    save_image_attention_page,
)
from dlseq.plots.pages.step_page import StepExample, StepWords, notebook_step_frame, save_step_page, step_page
from dlseq.plots.piano_roll import piano_roll
from dlseq.plots.spectrogram import spectrogram, spectrogram_svg
from dlseq.plots.style import check_figure_path, save_figure
from dlseq.plots.token_tree import next_token_tree

__all__ = [
    "AttentionExample",
    "ImageAttentionExample",
    "ImagePageWords",
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
    "notebook_frame",
    "notebook_image_frame",
    "notebook_step_frame",
    "piano_roll",
    "save_attention_page",
    "save_figure",
    "save_image_attention_page",
    "save_step_page",
    "spectrogram",
    "spectrogram_svg",
    "step_page",
    "training_curves",
]
