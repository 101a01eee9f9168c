"""Recognition of activities: the shipped model on things that it has never seen, against rivals of the same run.

    python benchmarks/activities.py
    python benchmarks/activities.py --shipped     # the shipped model alone, without training on single frames

Rivals: the same network trained in the same way on one random frame of each clip, the most frequent activity, and the
shipped model on the frames of a clip in random order, and on frames that are not stabilized.
"""

import dataclasses
import random
import time
from collections import Counter

import numpy as np
from report import Table, argument_parser, write_json

from dlseq.startup import import_keras

FRAME_EPOCHS = 3


def main() -> None:
    """Print the share of right activities of the shipped model and its rivals."""
    parser = argument_parser("Recognition of activities against single frames.")
    parser.add_argument("--clips", type=int, default=1000, help="number of clips of each test")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shipped", action="store_true", help="measure the shipped model alone")
    arguments = parser.parse_args()
    import_keras()
    from dlseq.data.clips import draw_clips
    from dlseq.tasks.activities.recognition import ActivityRecognizer
    from dlseq.tasks.pretrained import pretrained

    model = ActivityRecognizer.load(pretrained("activities-drawn"))
    unseen = draw_clips(arguments.clips, arguments.seed, "test")
    figures = {
        "things of training": accuracy(model, draw_clips(arguments.clips, arguments.seed, "validation")),
        "held-out things": accuracy(model, unseen),
        "held-out things in another style": accuracy(
            model, draw_clips(arguments.clips, arguments.seed, "test", "fluent")
        ),
        "held-out things, not stabilized": unstabilized_accuracy(model, unseen),
        "held-out things, frames in random order": accuracy(model, shuffled(unseen, arguments.seed)),
    }
    notes = [f"{len(unseen):,} clips each."]
    if not arguments.shipped:
        name = f"one random frame, the same network, {FRAME_EPOCHS} epochs"
        figures[name], seconds = single_frame_accuracy(unseen, arguments.seed)
        notes.append(f"The model of single frames took {seconds:.0f} CPU seconds.")
    counts = Counter(clip.activity for clip in unseen)
    figures["most frequent activity"] = max(counts.values()) / len(unseen)

    table = Table("Activities", ["clips", "right"])
    for name, value in figures.items():
        table.add(name, f"{value:.1%}")
    table.print(" ".join(notes))
    write_json(arguments.json, figures)


def single_frame_accuracy(unseen, seed) -> tuple[float, float]:
    """Return the accuracy of the same network trained on one random frame of each clip, and its CPU seconds."""
    from dlseq.tasks.activities.presets import PRESETS
    from dlseq.tasks.activities.recognition import ActivityRecognizer

    start = time.process_time()
    preset = PRESETS["drawn"]
    splits = preset.data.load(seed)
    train, validation, test = (single_frames(part, seed) for part in (*splits[:2], unseen))
    model = ActivityRecognizer.build(train, seed=0, **preset.sizes)
    model.fit(train, validation, dataclasses.replace(preset.training, epochs=FRAME_EPOCHS))
    return accuracy(model, test), time.process_time() - start


def accuracy(model, clips) -> float:
    """Return the share of clips whose activity a model recognizes."""
    return model.score(clips)["exact_match"]


def unstabilized_accuracy(model, clips) -> float:
    """Return the share of clips whose activity a model recognizes if the motions of the camera are left in them."""
    parts = [np.stack([clip.frames for clip in clips[first : first + 100]]) for first in range(0, len(clips), 100)]
    best = np.concatenate([np.asarray(model.network(part)).argmax(axis=-1) for part in parts])
    return float(np.mean([model.network.classes[k] == clip.activity for k, clip in zip(best, clips, strict=True)]))


def shuffled(clips, seed):
    """Return clips whose frames have a random order."""
    random_ = np.random.default_rng(seed)
    return [dataclasses.replace(clip, frames=random_.permutation(clip.frames)) for clip in clips]


def single_frames(clips, seed):
    """Return clips of one frame, a random one of each."""
    random_ = random.Random(seed)
    return [dataclasses.replace(clip, frames=clip.frames[[random_.randrange(len(clip.frames))]]) for clip in clips]


if __name__ == "__main__":
    main()
