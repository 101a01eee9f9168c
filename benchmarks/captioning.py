"""Image captioning: captions right on held-out scenes, pairs never seen together and an unseen style, and pointing.

A caption is right if it is true of the scene and names all that the grammar demands (`dlseq.data.scenes.is_right`);
exact match with the canonical caption stands beside it. Pointing game: the largest weight of the map that produced a
word lies on the box of the thing that the word names, for the words of exact captions. Its baselines are a place drawn
uniformly and the place in the center of the picture.

A saved model is measured, the shipped one of the language by default; with `--train`, one that is trained now. With
`--baseline`, a model without attention stands beside it: one vector for the whole image, as many parameters, trained
now on the scenes of the preset for as many epochs. The features of both learn in a first stage what is at each place.

    python benchmarks/captioning.py --baseline
    python benchmarks/captioning.py --language ko
    python benchmarks/captioning.py --train --baseline --examples 10000 --epochs 3
"""

import dataclasses
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from report import Table, argument_parser, write_json

from dlseq.data.scenes import LANGUAGES, draw_scenes, is_right
from dlseq.metrics import pointing_hits
from dlseq.tasks.captioning.captioner import Captioner
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.registry import find_preset
from dlseq.tasks.training import train

PRESETS = {"en": "scenes", "ko": "scenes-ko"}
SPLITS = {
    "held-out scenes": {"split": "test"},
    "pairs never seen together": {"split": "pairs"},
    "unseen style": {"split": "test", "style": "fluent"},
}
WHOLE_IMAGE_SIZES = {
    **{"whole_image": True, "reduced_units": 24, "units": 128, "decoder_units": 164},
    **{"context_layers": 0, "feeding": None, "guidance": 0.0},  # there is one place, which needs no search
    **{"joint_epochs": 0, "fixed_encoder": False},  # the places train the features alone, captions all the rest
}
SEED = 1_000  # of the measured scenes


def main() -> None:
    """Measure one model, or train and measure two, and print their scores."""
    parser = argument_parser("Captions right on held-out scenes, and where the attention points.")
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    parser.add_argument("--model", type=Path, help="a saved captioner (default: the shipped one of the language)")
    parser.add_argument("--train", action="store_true", help="train a model instead")
    parser.add_argument("--baseline", action="store_true", help="train one without attention as well")
    parser.add_argument("--examples", type=int, help="scenes of the training (default: the preset's)")
    parser.add_argument("--epochs", type=int, help="epochs of the training (default: the preset's)")
    parser.add_argument("--seed", type=int, default=0, help="of the training")
    parser.add_argument("--scenes", type=int, default=1_000, help="measured scenes of a split")
    arguments = parser.parse_args()

    models, notes = {}, []
    if not arguments.train:
        path = arguments.model or pretrained(f"captioning-{PRESETS[arguments.language]}")
        models[path.stem] = Captioner.load(path)
    to_train = {"with attention": {}} if arguments.train else {}
    if arguments.baseline:
        to_train["without"] = WHOLE_IMAGE_SIZES
    for name, sizes in to_train.items():
        models[name], seconds = trained(arguments, sizes)
        notes.append(f"{name}: {seconds:.0f} CPU s of training")
    notes += [f"{name}: {model.network.count_params():,} parameters" for name, model in models.items()]

    figures = {name: scores(model, arguments.language, arguments.scenes) for name, model in models.items()}
    table = Table(f"Captions, {arguments.language}, {arguments.scenes} scenes a split", ["figure", *models])
    for row in next(iter(figures.values())):
        table.add(row, *("-" if values[row] is None else f"{values[row]:.1%}" for values in figures.values()))
    table.print(*notes)
    write_json(arguments.json, {"language": arguments.language, "scores": figures, "notes": notes})


def trained(arguments, sizes) -> tuple[Captioner, float]:
    """Train a model and return it with the CPU seconds, drawing the scenes included."""
    settings = {"epochs": arguments.epochs, "seed": arguments.seed}
    preset = find_preset("captioning", PRESETS[arguments.language], examples=arguments.examples, training=settings)
    started = time.process_time()
    sizes = {**find_preset("captioning", PRESETS["en"]).sizes, **sizes}  # the Korean preset has a trained encoder
    result = train(Captioner, dataclasses.replace(preset, sizes=sizes))
    return result.model, time.process_time() - started


def scores(captioner, language, count) -> dict:
    """Return all scores of a captioner by name, `None` for those that it has not."""
    figures = {}
    for name, options in SPLITS.items():
        scenes = draw_scenes(count, seed=SEED, language=language, **options)
        captions = captioner.caption([scene.image for scene in scenes])
        right = np.array([is_right(scene, caption.words) for scene, caption in zip(scenes, captions, strict=True)])
        figures[f"{name}: right"] = right.mean()
        figures[f"{name}: exact match"] = np.mean(
            [scene.caption == caption.words for scene, caption in zip(scenes, captions, strict=True)]
        )
        if options == {"split": "test"}:
            by_number = defaultdict(list)
            for scene, is_true in zip(scenes, right, strict=True):
                by_number[len(scene.things)].append(is_true)
            for number, found in sorted(by_number.items()):
                figures[f"{name}, {number} things: right"] = np.mean(found)
            figures |= pointing(scenes, captions)
    return figures


def pointing(scenes, captions) -> dict:
    """Return the pointing game over the words of exact captions that name things, and its baselines."""
    names = ("pointing game", "pointing, place drawn uniformly", "pointing, place in the center")
    found = [
        (grid, region)
        for scene, caption in zip(scenes, captions, strict=True)
        if caption.words == scene.caption and caption.attention is not None
        for grid, region in zip(caption.attention, scene.regions, strict=True)
        if region is not None
    ]
    if not found:
        return dict.fromkeys(names)
    maps, boxes = (np.array(side) for side in zip(*found, strict=True))
    size, (rows, columns) = scenes[0].image.shape[0], maps.shape[1:]
    each_place = np.eye(rows * columns).reshape(-1, rows, columns)
    uniform = [pointing_hits(np.repeat(place[None], len(boxes), 0), boxes, size).mean() for place in each_place]
    center = np.zeros((len(boxes), rows, columns))
    center[:, rows // 2, columns // 2] = 1
    return dict(
        zip(
            names,
            (pointing_hits(maps, boxes, size).mean(), np.mean(uniform), pointing_hits(center, boxes, size).mean()),
            strict=True,
        )
    )


if __name__ == "__main__":
    main()
