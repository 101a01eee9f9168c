"""Recognition of activities: the shipped model on things that it has never seen, against rivals of the same run.

    python benchmarks/activities.py

Rivals: the same network trained in the same way on one random frame of each clip, the most frequent activity, and the
shipped model on the frames of a clip in random order.
"""

import dataclasses
import random
import time
from collections import Counter

import numpy as np
from report import Table, argument_parser, write_json

from dlseq.startup import import_keras


def main() -> None:
    """Print the share of right activities of the shipped model and its rivals."""
    parser = argument_parser("Recognition of activities against single frames.")
    parser.add_argument("--clips", type=int, default=1000, help="number of clips of each test")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    import_keras()
    from dlseq.data.clips import draw_clips
    from dlseq.tasks.activities.presets import PRESETS
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
        "held-out things, frames in random order": accuracy(model, shuffled(unseen, arguments.seed)),
    }
    start = time.process_time()
    preset = PRESETS["drawn"]
    splits = preset.data.load(arguments.seed)
    train, validation, test = (single_frames(part, arguments.seed) for part in (*splits[:2], unseen))
    frame_model = ActivityRecognizer.build(train, seed=0, **preset.sizes)
    frame_model.fit(train, validation, dataclasses.replace(preset.training, epochs=3))
    figures["one random frame, the same network, 3 epochs"] = accuracy(frame_model, test)
    seconds = time.process_time() - start
    counts = Counter(clip.activity for clip in unseen)
    figures["most frequent activity"] = max(counts.values()) / len(unseen)

    table = Table("Activities", ["clips", "right"])
    for name, value in figures.items():
        table.add(name, f"{value:.1%}")
    table.print(f"{len(unseen):,} clips each. The model of single frames took {seconds:.0f} CPU seconds.")
    write_json(arguments.json, figures)


def accuracy(model, clips) -> float:
    """Return the share of clips whose activity a model recognizes."""
    return model.score(clips)["exact_match"]


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
