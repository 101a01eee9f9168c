"""Commands of the tasks: one verb a module, on the task's shipped model or one of the user's."""

from dlseq.cli.tasks import (  # noqa: F401  (they add their commands)
    ask,
    caption,
    dates,
    entities,
    genes,
    music,
    names,
    scenes,
    sentiment,
    transcribe,
    translate,
    watch,
)
