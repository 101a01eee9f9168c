"""Known mistakes in `beam_search`."""

from dlseq.authoring.mistakes import Mistake

FAULTS = ("find_fault", "error_analysis")
SENTENCE = ("sequence_log_prob", *FAULTS)
GREEDY = ("greedy_search",)
STEP = ("beam_step", "beam_search")
SCORE = ("normalized_score", "beam_search", *FAULTS)
BEAM = ("beam_search",)
PRECISION = ("ngram_precision", "bleu")
CLOSEST = ("closest_length", "bleu")
PENALTY = ("brevity_penalty", "bleu")
BLEU = ("bleu",)

MISTAKES = [
    Mistake(
        "multiplies probabilities",
        "sequence_log_prob",
        ("sequence_log_prob",),
        "underflows to 0: add logarithms",
        body="""
        state, total = 0, 1.0
        for word in ids:
            total *= np.exp(decoder["log_probs"][state, word])
            state = decoder["next_state"][state, word]
        return float(np.log(total))
    """,
    ),
    Mistake(
        "returns the probability",
        "sequence_log_prob",
        SENTENCE,
        "This is the probability",
        ("float(total)", "float(np.exp(total))"),
    ),
    Mistake(
        "stays in the first state",
        "sequence_log_prob",
        SENTENCE,
        "The state never changes",
        ('state = decoder["next_state"][state, word]', "pass"),
    ),
    Mistake(
        "moves before it looks up",
        "sequence_log_prob",
        SENTENCE,
        "before the word is looked up",
        body="""
        state, total = 0, 0.0
        for word in ids:
            state = decoder["next_state"][state, word]
            total += decoder["log_probs"][state, word]
        return float(total)
    """,
    ),
    Mistake(
        "takes the mean",
        "sequence_log_prob",
        SENTENCE,
        "This is the mean over the words",
        ("float(total)", "float(total) / max(len(ids), 1)"),
    ),
    Mistake(
        "leaves out <eos>",
        "sequence_log_prob",
        SENTENCE,
        "<eos> does not count",
        ("for word in ids:", "for word in ids[:-1]:"),
    ),
    Mistake("continues after <eos>", "greedy_search", GREEDY, "continues after <eos>", ("break", "pass")),
    Mistake(
        "drops <eos>",
        "greedy_search",
        GREEDY,
        "<eos> is missing",
        ("            break", "            ids.pop()\n            break"),
    ),
    Mistake("takes the smallest logarithm", "greedy_search", GREEDY, "least probable words", ("argmax", "argmin")),
    Mistake(
        "writes all words in the first state",
        "greedy_search",
        GREEDY,
        "The state never changes",
        ('state = decoder["next_state"][state, word]', "pass"),
    ),
    Mistake(
        "returns the probability of the greedy sentence",
        "greedy_search",
        GREEDY,
        "These are probabilities",
        ("float(total)", "float(np.exp(total))"),
    ),
    Mistake(
        "writes one word too many",
        "greedy_search",
        GREEDY,
        "more words than max_length",
        ("len(ids) < max_length", "len(ids) <= max_length"),
    ),
    Mistake(
        "forgets the log-probability of the path",
        "beam_step",
        STEP,
        "of the path itself does not count",
        ("(log_p[:, None] + next_log_p)", "next_log_p"),
    ),
    Mistake(
        "divides by the number of paths",
        "beam_step",
        STEP,
        "converted with the number of words",
        ("best // V, best % V", "best // len(log_p), best % len(log_p)"),
    ),
    Mistake(
        "swaps paths and words",
        "beam_step",
        STEP,
        "paths and new_words are swapped",
        ("best // V, best % V", "best % V, best // V"),
    ),
    Mistake("keeps the worst candidates", "beam_step", STEP, "The worst candidates", ("-candidates)", "candidates)")),
    Mistake(
        "returns the worst candidate first",
        "beam_step",
        ("beam_step",),
        "in reverse order",
        ("best[candidates[best] > -np.inf]", "best[candidates[best] > -np.inf][::-1]"),
    ),
    Mistake(
        "keeps impossible candidates",
        "beam_step",
        STEP,
        "candidates with a log-probability of -inf",
        ("best = best[candidates[best] > -np.inf]", "pass"),
    ),
    Mistake(
        "keeps one candidate of each path",
        "beam_step",
        STEP,
        "Only one candidate of each path",
        body="""
        candidates = log_p[:, None] + next_log_p
        words = candidates.argmax(axis=1)
        paths = np.argsort(-candidates.max(axis=1))[:beam_width]
        return candidates[paths, words[paths]], paths, words[paths]
    """,
    ),
    Mistake(
        "returns probabilities",
        "beam_step",
        STEP,
        "These are probabilities",
        ("return candidates[best]", "return np.exp(candidates[best])"),
    ),
    Mistake(
        "returns the log-probability of the word alone",
        "beam_step",
        STEP,
        "holds the log-probability of the word alone",
        ("return candidates[best]", "return next_log_p.reshape(-1)[best]"),
    ),
    Mistake("multiplies by the length", "normalized_score", SCORE, "multiplied by the length", ("/", "*")),
    Mistake(
        "uses alpha as a factor",
        "normalized_score",
        SCORE,
        "alpha is a factor here",
        ("length**alpha", "(length * alpha)"),
    ),
    Mistake(
        "always takes the mean",
        "normalized_score",
        SCORE,
        "alpha has no influence",
        ("length**alpha", "length"),
    ),
    Mistake("forgets the length", "normalized_score", SCORE, "length has no influence", (" / length**alpha", "")),
    Mistake(
        "raises alpha to the length",
        "normalized_score",
        SCORE,
        "The power is upside down",
        ("length**alpha", "max(alpha, 1e-9) ** length"),
    ),
    Mistake(
        "changes the sign", "normalized_score", SCORE, "The sign is wrong", ("return log_prob", "return -log_prob")
    ),
    Mistake(
        "does not reorder the states",
        "beam_search",
        BEAM,
        "words and state belong to the path",
        ("states[paths], new_words", "states[np.minimum(np.arange(len(paths)), len(states) - 1)], new_words"),
    ),
    Mistake(
        "does not reorder the words",
        "beam_search",
        BEAM,
        "words and state belong to the path",
        (
            "live[path] + [int(word)] for path, word in zip(paths, new_words, strict=True)",
            "live[min(k, len(live) - 1)] + [int(word)] for k, word in enumerate(new_words)",
        ),
    ),
    Mistake(
        "stays in state 0",
        "beam_search",
        BEAM,
        "The state never changes",
        ('states = decoder["next_state"][states[paths], new_words]', "states = np.zeros(len(paths), dtype=int)"),
    ),
    Mistake(
        "extends finished paths",
        "beam_search",
        BEAM,
        "Finished paths are extended",
        ("new_words != 0", "new_words >= 0"),
    ),
    Mistake(
        "ranks by the log-probability",
        "beam_search",
        BEAM,
        "rank by the normalized score",
        ("-normalized_score(sentence[1], len(sentence[0]), alpha)", "-sentence[1]"),
    ),
    Mistake(
        "normalizes by the maximum length",
        "beam_search",
        BEAM,
        "rank by the normalized score",
        ("len(sentence[0])", "max_length"),
    ),
    Mistake(
        "loses paths that do not end",
        "beam_search",
        BEAM,
        "still live at the end are missing",
        ("    finished += [(ids, float(value)) for ids, value in zip(live, log_p, strict=True)]\n", ""),
    ),
    Mistake(
        "stops at the first <eos>",
        "beam_search",
        BEAM,
        "stops at the first <eos>",
        (
            "        log_p, states = log_p[going_on]",
            "        if finished:\n            log_p = log_p[going_on]\n"
            "            break\n        log_p, states = log_p[going_on]",
        ),
    ),
    Mistake(
        "ranks the worst first", "beam_search", BEAM, "The worst sentence", ("-normalized_score", "normalized_score")
    ),
    Mistake(
        "returns one sentence",
        "beam_search",
        BEAM,
        "Only one sentence",
        ("len(sentence[0]), alpha))", "len(sentence[0]), alpha))[:1]"),
    ),
    Mistake(
        "returns normalized scores",
        "beam_search",
        BEAM,
        "These are normalized scores",
        body="""
        live, finished = [([], 0.0, 0)], []
        for _ in range(max_length):
            if not live:
                break
            log_p = np.array([path[1] for path in live])
            states = [path[2] for path in live]
            log_p, paths, new_words = beam_step(log_p, decoder["log_probs"][states], beam_width)
            extended = [
                (live[path][0] + [int(word)], float(value), int(decoder["next_state"][live[path][2], word]))
                for value, path, word in zip(log_p, paths, new_words)
            ]
            finished += [path for path in extended if path[0][-1] == 0]
            live = [path for path in extended if path[0][-1] != 0]
        scores = [(ids, normalized_score(value, len(ids), alpha)) for ids, value, _ in finished + live]
        return sorted(scores, key=lambda sentence: -sentence[1])
    """,
    ),
    Mistake(
        "removes <eos>",
        "beam_search",
        BEAM,
        "<eos> is missing",
        (
            "return sorted(finished, key=lambda sentence: -normalized_score(sentence[1], len(sentence[0]), alpha))",
            "finished = sorted(finished, key=lambda s: -normalized_score(s[1], len(s[0]), alpha))\n"
            "    return [([word for word in ids if word], value) for ids, value in finished]",
        ),
    ),
    Mistake("keeps one path", "beam_search", BEAM, "This is greedy search", ("[states], beam_width)", "[states], 1)")),
    Mistake(
        "does not clip",
        "ngram_precision",
        PRECISION,
        "The counts are not clipped",
        ("(counts & limits).total()", "sum(count for gram, count in counts.items() if gram in limits)"),
    ),
    Mistake(
        "adds the counts of the references",
        "ngram_precision",
        PRECISION,
        "The counts of all references are added",
        ("limits |=", "limits +="),
    ),
    Mistake(
        "uses the first reference",
        "ngram_precision",
        PRECISION,
        "Only one reference counts",
        ("in references:", "in references[:1]:"),
    ),
    Mistake(
        "counts each n-gram once",
        "ngram_precision",
        PRECISION,
        "Each different n-gram counts once",
        ("(counts & limits).total()", "len(counts & limits)"),
    ),
    Mistake(
        "computes the recall",
        "ngram_precision",
        PRECISION,
        "which is recall",
        (", counts.total()", ", len(ngrams(references[0], n))"),
    ),
    Mistake(
        "counts single words",
        "ngram_precision",
        PRECISION,
        "The n-grams have the wrong length",
        body="""
        counts, limits = Counter(hypothesis), Counter()
        for reference in references:
            limits |= Counter(reference)
        return (counts & limits).total(), counts.total()
    """,
    ),
    Mistake(
        "takes the shortest reference",
        "closest_length",
        CLOSEST,
        "This is the shortest reference",
        body="return min(len(reference) for reference in references)",
    ),
    Mistake(
        "takes the longest reference",
        "closest_length",
        CLOSEST,
        "This is the longest reference",
        body="return max(len(reference) for reference in references)",
    ),
    Mistake(
        "takes the length of the first reference",
        "closest_length",
        CLOSEST,
        "This is the first reference",
        body="return len(references[0])",
    ),
    Mistake(
        "takes the longer of two equally close lengths",
        "closest_length",
        ("closest_length",),
        "the shorter counts",
        ("len(hypothesis)), length)", "len(hypothesis)), -length)"),
    ),
    Mistake(
        "divides the wrong way round",
        "brevity_penalty",
        PENALTY,
        "The fraction is upside down",
        ("reference_length / hypothesis_length", "hypothesis_length / reference_length"),
    ),
    Mistake(
        "returns the ratio of the lengths",
        "brevity_penalty",
        PENALTY,
        "This is the ratio",
        (
            "np.exp(min(0.0, 1 - reference_length / hypothesis_length))",
            "min(1.0, hypothesis_length / reference_length)",
        ),
    ),
    Mistake(
        "rewards long translations",
        "brevity_penalty",
        ("brevity_penalty",),
        "Long translations get more than 1",
        ("min(0.0, 1 - reference_length / hypothesis_length)", "1 - reference_length / hypothesis_length"),
    ),
    Mistake(
        "punishes long translations",
        "brevity_penalty",
        ("brevity_penalty",),
        "Long translations are penalized as well",
        ("min(0.0, 1 - reference_length / hypothesis_length)", "-abs(1 - reference_length / hypothesis_length)"),
    ),
    Mistake(
        "has no penalty",
        "brevity_penalty",
        PENALTY,
        "There is no penalty",
        ("np.exp(min(0.0, 1", "np.exp(min(0.0, 1e9"),
    ),
    Mistake(
        "divides by no words",
        "brevity_penalty",
        ("brevity_penalty",),
        "The penalty of no words at all is 0",
        ("if hypothesis_length == 0:", "if False:"),
    ),
    Mistake(
        "takes the mean of the sentences",
        "bleu",
        BLEU,
        "This is the mean of the sentences' scores",
        body="""
        scores = []
        for words, choices in zip(hypotheses, references, strict=True):
            score = brevity_penalty(len(words), closest_length(words, choices))
            for n in range(1, max_n + 1):
                matches, total = ngram_precision(words, choices, n)
                score *= (matches / max(total, 1)) ** (1 / max_n)
            scores.append(score)
        return float(np.mean(scores))
    """,
    ),
    Mistake(
        "forgets the brevity penalty",
        "bleu",
        BLEU,
        "The brevity penalty is missing",
        ("brevity_penalty(sum(map(len, hypotheses)), r) * ", ""),
    ),
    Mistake(
        "takes the arithmetic mean",
        "bleu",
        BLEU,
        "This is the arithmetic mean",
        ("np.exp(np.mean(log_precisions))", "np.mean(np.exp(log_precisions))"),
    ),
    Mistake(
        "multiplies the precisions",
        "bleu",
        BLEU,
        "This is the product",
        ("np.mean(log_precisions)", "np.sum(log_precisions)"),
    ),
    Mistake("ends one n too early", "bleu", BLEU, "end at another n", ("range(1, max_n + 1)", "range(1, max_n)")),
    Mistake(
        "divides by a total of 0",
        "bleu",
        BLEU,
        "contains NaN",
        ("if matches == 0:", "if False:"),
    ),
    Mistake("returns percent", "bleu", BLEU, "between 0 and 1 here", ("return float(", "return 100 * float(")),
    Mistake(
        "confuses search and model",
        "find_fault",
        FAULTS,
        "search and model are swapped",
        ("best > value", "best < value"),
    ),
    Mistake(
        "compares log-probabilities",
        "find_fault",
        FAULTS,
        "Compare normalized scores",
        body="""
        if human == found:
            return "none"
        right, value = (sequence_log_prob(decoder, ids) for ids in (human, found))
        return "search" if right > value else "model"
    """,
    ),
    Mistake(
        "finds a fault in equal sentences",
        "find_fault",
        FAULTS,
        "Two equal sentences are no error",
        ('return "none"', 'return "model"'),
    ),
    Mistake(
        "blames the search for a tie",
        "find_fault",
        ("find_fault",),
        "If both scores are equal",
        ("best > value", "best >= value"),
    ),
    Mistake(
        "divides by the number of sentences",
        "error_analysis",
        ("error_analysis",),
        "These are fractions of all sentences",
        ('len(faults) - faults.count("none")', "len(faults)"),
    ),
    Mistake(
        "returns counts",
        "error_analysis",
        ("error_analysis",),
        "These are counts",
        (" / max(wrong, 1)", ""),
    ),
    Mistake(
        "divides by no errors",
        "error_analysis",
        ("error_analysis",),
        "If no sentence is wrong",
        ("max(wrong, 1)", "wrong"),
    ),
    Mistake(
        "ignores alpha",
        "error_analysis",
        ("error_analysis",),
        "Count the faults",
        ("find_fault(*case, alpha)", "find_fault(*case, 0)"),
    ),
]

EQUIVALENT = {}

EQUAL_SPELLINGS = {
    "einsum, sums and lists": [
        ("sequence_log_prob", "return float(total)", "return float(np.float64(total) * 1.0)"),
        ("beam_step", "(log_p[:, None] + next_log_p).reshape(-1)", "np.add(log_p.reshape(-1, 1), next_log_p).ravel()"),
        ("normalized_score", "log_prob / length**alpha", "log_prob * float(length) ** -alpha"),
        ("bleu", "np.exp(np.mean(log_precisions))", "np.prod(np.exp(log_precisions)) ** (1 / max_n)"),
        (
            "beam_search",
            "-normalized_score(sentence[1], len(sentence[0]), alpha)",
            "(-normalized_score(sentence[1], len(sentence[0]), alpha), sentence[0])",
        ),
    ],
    "other sorting and counting": [
        ("beam_step", "np.argsort(-candidates)[:beam_width]", "np.argsort(candidates)[::-1][:beam_width]"),
        ("beam_step", "best // V, best % V", "*np.divmod(best, V)"),
        (
            "ngram_precision",
            "(counts & limits).total()",
            "sum(min(count, limits[gram]) for gram, count in counts.items())",
        ),
        (
            "brevity_penalty",
            "np.exp(min(0.0, 1 - reference_length / hypothesis_length))",
            "min(1.0, np.exp((hypothesis_length - reference_length) / hypothesis_length))",
        ),
    ],
}
