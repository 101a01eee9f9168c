"""Page of a name generator in the gallery."""

import math

import numpy as np

from dlseq.plots import AttentionExample, Page, PageWords, attention_page

__all__ = ["WORDS", "expectation_example", "gallery_page"]

COUNT, SEED, TEMPERATURE = 6, 0, 0.8
MIN_PROBABILITY = 0.02  # characters that are never as probable as that share one token
END, REST = "end", "other"
WORDS = PageWords(
    help="Point at a letter, tap it, or move with the arrow keys: the letters that the "
    "model expected in its place light up.",
    target="Name",
    source="Next letter",
    looks_at="came where the model expected",
    looked_at="was expected before",
)


def gallery_page(model, name: str) -> Page:
    """Return a page of generated names with the probabilities of the next letter at each place."""
    generated = model.generate(COUNT, seed=SEED, temperature=TEMPERATURE)
    examples = [
        expectation_example(model, drawn, float(log_prob))
        for drawn, log_prob in zip(generated.names, generated.log_probs, strict=True)
    ]
    return attention_page(examples, f"Names: {name}", WORDS)


def expectation_example(model, drawn: str, log_prob: float) -> AttentionExample:
    """Return the distributions of the next character at each step of a name as the example of a page.

    Args:
        model: a `NameGenerator`.
        drawn: the name.
        log_prob: its log-probability in nats, end included.
    """
    steps = model.expectations(drawn)
    symbols = [symbol for symbol, _ in steps[0][1]]
    chances = np.array([[chance for _, chance in choices] for _, choices in steps])  # (T, V)
    kept = chances.max(axis=0) >= MIN_PROBABILITY
    kept &= np.array([not symbol.startswith("<") or symbol == "<eos>" for symbol in symbols])
    weights = np.column_stack([chances[:, kept], 1 - chances[:, kept].sum(axis=1)]).clip(0, 1)
    source = [symbol for symbol, is_kept in zip(symbols, kept, strict=True) if is_kept]
    labels = [END if symbol == "<eos>" else symbol for symbol in source]
    return AttentionExample(weights, [*labels, REST], [*drawn, END], math.exp(log_prob), heading=drawn)
