"""Synthetic voices of espeak-ng: which of them train, validate and test."""

import dataclasses

__all__ = ["SPLITS", "Voice", "voices"]

SPLITS = {
    "train": "f2 f3 f4 f5 m1 m3 m4 m5 m7 m8 klatt david Denis max belinda gustave marcelo Jacky norbert travis Lee "
    "Nguyen shelby iven paul zac sandro antonio pedro Andrea aunty ed victor Mike edward Hugo klatt4 john m6 anika "
    "iven2 miguel croak",
    "validation": "m2 Annie Storm pablo",
    "test": "f1 linda grandma steph boris Gene robert quincy",
    "stylized": "Alicia Andy",
}
"""Names of voice variants of espeak-ng. No two parts share one, nor one that is the same sound under another name.

The stylized ones are held out too, and apart: one has its second formant at one and a half times the usual place and a
fifth of the consonants, the other has no third formant.
"""

ACCENTS = {"en": ("en-us", "en-gb-scotland", "en-gb-x-rp"), "fr": ("fr-be",), "ko": ("ko",)}
"""Voices of espeak-ng that take a variant: en-gb and fr-fr speak in their own voice, whatever the variant."""

SPEEDS, PITCHES = (140, 160, 150, 175, 165), (50, 40, 58, 45, 62, 52, 36)


@dataclasses.dataclass(frozen=True)
class Voice:
    """A voice as espeak-ng is asked for it.

    Args:
        name: Voice variant.
        split: `"train"`, `"validation"`, `"test"` or `"stylized"`.
        number: Place among all voices, from which accent, speed and pitch follow.
    """

    name: str
    split: str
    number: int

    def arguments(self, language: str) -> list[str]:
        """Return the arguments of `espeak-ng` for a language.

        Example:
            >>> voices()[0].arguments("en")
            ['-v', 'en-us+f2', '-s', '140', '-p', '50']
        """
        accents = ACCENTS[language]
        accent = accents[self.number % len(accents)]
        speed, pitch = SPEEDS[self.number % len(SPEEDS)], PITCHES[self.number % len(PITCHES)]
        return ["-v", f"{accent}+{self.name}", "-s", str(speed), "-p", str(pitch)]


def voices() -> list[Voice]:
    """Return all voices, those of training first.

    Example:
        >>> len(voices()), [sum(voice.split == split for voice in voices()) for split in SPLITS]
        (57, [43, 4, 8, 2])
    """
    named = [(name, split) for split, names in SPLITS.items() for name in names.split()]
    return [Voice(name, split, number) for number, (name, split) in enumerate(named)]
