"""Statements about a scene: the meaning of a caption, in no language."""

import dataclasses

__all__ = ["HORIZONTAL", "VERTICAL", "Group", "Phrase", "Statement"]

VERTICAL = ("on", "sitting on", "above", "under")
HORIZONTAL = ("left of", "right of", "next to")


@dataclasses.dataclass(frozen=True)
class Phrase:
    """Number of things of one name.

    Args:
        name: English name of the thing.
        count: 1 to 4.
        size: "small", "medium" (not said) or "big".
        color: a color, where it is said.
    """

    name: str
    count: int = 1
    size: str = "medium"
    color: str | None = None


@dataclasses.dataclass(frozen=True)
class Group:
    """Phrase alone, or in a relation of `VERTICAL` to another: a cat (subject) sitting on a chair (landmark)."""

    subject: Phrase
    relation: str | None = None
    landmark: Phrase | None = None

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The one or two phrases of the group, as they are said in English."""
        return (self.subject,) if self.landmark is None else (self.subject, self.landmark)


@dataclasses.dataclass(frozen=True)
class Statement:
    """Group alone, or in a relation of `HORIZONTAL` to another.

    Example:
        >>> Statement(Group(Phrase("cat"), "on", Phrase("chair"))).phrases
        (Phrase(name='cat', ...), Phrase(name='chair', ...))
    """

    subject: Group
    relation: str | None = None
    landmark: Group | None = None

    @property
    def groups(self) -> tuple[Group, ...]:
        """The one or two groups, as they are said in English."""
        return (self.subject,) if self.landmark is None else (self.subject, self.landmark)

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """All phrases, one to four."""
        return tuple(phrase for group in self.groups for phrase in group.phrases)
