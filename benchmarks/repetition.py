"""N-gram model that also repeats what it has heard in the same sequence: a rival of the model of melodies.

With `m` for the number of symbols before a place, up to `MAX_MATCH`, that have stood together earlier in the sequence:

    P(s) = (1 - w[m]) · P_ngram(s) + w[m] · (share of s among what followed the earlier places of the longest match)

The weights `w` are fitted to validation sequences by expectation maximization; a place without match has weight 0.
"""

import itertools
import math
from collections import Counter

__all__ = ["MAX_MATCH", "fitted_weights", "repeating_nats"]

MAX_MATCH = 8
ROUNDS = 30  # of expectation maximization


def places(model, sequences, skip):
    """Yield the length of the longest match, and the probabilities of the true symbol by n-gram and by repetition."""
    for sequence in sequences:
        for time, (symbol, history) in itertools.islice(enumerate(model.steps(sequence)), skip, None):
            length, followers = longest_match(sequence[:time])
            share = followers[symbol] / followers.total() if followers else 0.0
            yield length, model.probability(symbol, history), share


def longest_match(heard):
    """Return the length of the longest end of a sequence, up to `MAX_MATCH`, that it had before, and what followed."""
    best, followers = 0, Counter()
    for place in range(1, len(heard)):
        length = 0
        while length < min(place, MAX_MATCH) and heard[place - 1 - length] == heard[len(heard) - 1 - length]:
            length += 1
        if length > best:
            best, followers = length, Counter()
        if length == best > 0:
            followers[heard[place]] += 1
    return best, followers


def fitted_weights(model, validation, skip=0) -> list[float]:
    """Return the weight of repetition for each length of the match, fitted to sequences."""
    found = list(places(model, validation, skip))
    weights = [0.0, *[0.5] * MAX_MATCH]
    for length in range(1, MAX_MATCH + 1):
        pairs = [(by_ngram, share) for match, by_ngram, share in found if match == length]
        for _ in range(ROUNDS if pairs else 0):
            weight = weights[length]
            parts = [weight * share / (weight * share + (1 - weight) * by_ngram) for by_ngram, share in pairs]
            weights[length] = math.fsum(parts) / len(parts)
    return weights


def repeating_nats(model, weights, sequences, skip=0) -> float:
    """Return the cross-entropy in nats per symbol, ends included."""
    log_probs = [
        math.log((1 - weights[length]) * by_ngram + weights[length] * share)
        for length, by_ngram, share in places(model, sequences, skip)
    ]
    return -math.fsum(log_probs) / len(log_probs)
