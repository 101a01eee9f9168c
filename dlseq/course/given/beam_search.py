"""Helpers of the exercise `beam_search`: a decoder as two tables, made from a tree of words, and n-grams.

A decoder with `S` states and `V` words is a dict of two arrays: `log_probs (S, V)`, the log-probability of each next
word in each state, and `next_state (S, V)`, the state after that word. State 0 is the first, word 0 is `<eos>`.
"""

from collections.abc import Mapping, Sequence

import numpy as np

__all__ = ["ngrams", "tree_decoder"]

END = "<eos>"


def tree_decoder(tree: Mapping[str, Mapping[str, float]]) -> tuple[list[str], dict[str, np.ndarray]]:
    """Convert a tree of words to a decoder; each text of the tree becomes a state.

    Args:
        tree: probabilities of the next words by the text so far, which is "" at first. After a text that is not in the
            tree comes `<eos>`, with probability 1.

    Returns:
        words: list of V words, `<eos>` first, the others in the order in which they occur.
        decoder: dict of log_probs (S, V) and next_state (S, V).

    Example:
        >>> words, decoder = tree_decoder({"": {"yes": 0.75, "no": 0.25}, "no": {"no": 0.5, "<eos>": 0.5}})
        >>> words, np.exp(decoder["log_probs"][0]).tolist()
        (['<eos>', 'yes', 'no'], [0.0, 0.75, 0.25])
    """
    following = [word for choices in tree.values() for word in choices]
    words = list(dict.fromkeys([END, *following]))
    reached = [f"{text} {word}".strip() for text, choices in tree.items() for word in choices if word != END]
    texts = list(dict.fromkeys(["", *reached]))
    log_probs = np.full((len(texts), len(words)), -np.inf)
    next_state = np.zeros((len(texts), len(words)), dtype=int)
    for state, text in enumerate(texts):
        for word, probability in tree.get(text, {END: 1.0}).items():
            log_probs[state, words.index(word)] = np.log(probability)
            if word != END:
                next_state[state, words.index(word)] = texts.index(f"{text} {word}".strip())
    return words, {"log_probs": log_probs, "next_state": next_state}


def ngrams(words: Sequence[str], n: int) -> list[tuple[str, ...]]:
    """List the n-grams of a sentence, all sequences of n words that follow each other.

    Example:
        >>> ngrams(["the", "cat", "sat"], 2)
        [('the', 'cat'), ('cat', 'sat')]
        >>> ngrams(["the"], 2)
        []
    """
    return [tuple(words[start : start + n]) for start in range(len(words) - n + 1)]
