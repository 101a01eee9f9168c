"""Scores of translations against references, BLEU and chrF, computed by sacrebleu."""

from collections.abc import Sequence
from dataclasses import dataclass

from dlseq.errors import DlseqError
from dlseq.extras import require

__all__ = ["TranslationScore", "bleu", "chrf"]

TOKENIZERS = ("13a", "char", "intl", "none", "zh")
"""Tokenizers of sacrebleu that need no other package."""


@dataclass(frozen=True)
class TranslationScore:
    """A score of a corpus of translations.

    Attributes:
        value: between 0 and 100, 100 for translations that equal a reference.
        metric: "BLEU" or "chrF2".
        signature: sacrebleu's signature, the settings that another person needs to get the same number.

    Example:
        >>> print(TranslationScore(35.25, "BLEU", "nrefs:1|case:mixed|tok:13a"))
        BLEU 35.2 (nrefs:1|case:mixed|tok:13a)
    """

    value: float
    metric: str
    signature: str

    def __str__(self):
        return f"{self.metric} {self.value:.1f} ({self.signature})"


def bleu(
    hypotheses: Sequence[str],
    references: Sequence[str | Sequence[str]],
    *,
    tokenize: str = "13a",
    lowercase: bool = False,
) -> TranslationScore:
    """Return the BLEU score of a corpus.

    `BLEU = 100 BP exp(mean of log p_n, n = 1 … 4)`, with the clipped n-gram precisions `p_n` of the whole corpus and
    the brevity penalty `BP = exp(min(0, 1 - reference length / length))` (Papineni et al., 2002, ACL P02-1040). A
    precision of zero is smoothed (sacrebleu's "exp"). Orders for which no translation is long enough are left out, so
    a perfect translation of three words scores 100.

    Args:
        hypotheses: `B` translations as plain text, not tokenized. An empty one matches nothing.
        references: the right translation of each, or a list of them.
        tokenize: one of `TOKENIZERS`: "13a" for languages with spaces; "char" for Korean, Japanese or Chinese; "none"
            for hypotheses and references that are tokenized already.
        lowercase: True to ignore case.

    Raises:
        DlseqError: no translations, unequal numbers, something that is no text, or a missing package.
    """
    if tokenize not in TOKENIZERS:
        raise DlseqError(
            f"Invalid value for argument `tokenize`. Expected one of: {', '.join(TOKENIZERS)}. Received: {tokenize!r}"
        )
    streams = _streams(hypotheses, references)
    from sacrebleu.metrics import BLEU

    return _score(BLEU(tokenize=tokenize, lowercase=lowercase, effective_order=True, force=True), hypotheses, streams)


def chrf(
    hypotheses: Sequence[str], references: Sequence[str | Sequence[str]], *, lowercase: bool = False
) -> TranslationScore:
    """Return the chrF score of a corpus, an F-score of character n-grams up to 6 (Popović, 2015, W15-3049).

    Recall counts twice as much as precision. It needs no tokenizer, so it suits languages without spaces.

    Args:
        hypotheses: as for `bleu`.
        references: as for `bleu`.
        lowercase: True to ignore case.

    Raises:
        DlseqError: as for `bleu`.
    """
    streams = _streams(hypotheses, references)
    from sacrebleu.metrics import CHRF

    return _score(CHRF(lowercase=lowercase), hypotheses, streams)


def _streams(hypotheses, references) -> list[list[str | None]]:
    """Return the references as sacrebleu takes them: a list of the first ones, of the second ones, …, None for none."""
    for name, texts in (("hypotheses", hypotheses), ("references", references)):
        if isinstance(texts, str):
            raise DlseqError(f"Invalid value for argument `{name}`. Expected a list of texts. Received: one text.")
    if len(hypotheses) != len(references) or len(hypotheses) == 0:
        raise DlseqError(
            "Arguments `hypotheses` and `references` do not match. Expected the same number, at least one. "
            f"Received: {len(hypotheses)} and {len(references)}"
        )
    choices = [[choice] if isinstance(choice, str) else list(choice) for choice in references]
    for number, (hypothesis, texts) in enumerate(zip(hypotheses, choices, strict=True)):
        if not texts or not all(isinstance(text, str) for text in (hypothesis, *texts)):
            raise DlseqError(
                f"Invalid translation or reference at index {number}. Expected a text and at least one reference. "
                f"Received: {hypothesis!r:.60} and {texts!r:.60}"
            )
    require("sacrebleu", "translation", "score translations")
    width = max(map(len, choices))
    return [[texts[place] if place < len(texts) else None for texts in choices] for place in range(width)]


def _score(metric, hypotheses, streams) -> TranslationScore:
    result = metric.corpus_score(list(hypotheses), streams)
    return TranslationScore(float(result.score), result.name, str(metric.get_signature()))
