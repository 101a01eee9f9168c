"""Throughput of captioning: captions a second for 1,000 images, greedy.

Baseline: the same network, one image at a time, with one `predict` call for the encoder and one for each word. Ours:
`Captioner.caption` of all images. Both sides average over the same views of an image, which the baseline has in one
batch, and must write the same captions. Each side has a first call as warm-up; the
timed calls are interleaved, and the best counts. The baseline has a part of the images, because it takes minutes; its
time is proportional to their number.

    python benchmarks/captioning_speed.py
    python benchmarks/captioning_speed.py --views 1 --model mine.keras
"""

from pathlib import Path

import keras
import numpy as np
from report import Table, argument_parser, write_json
from timing import best_in_turn

from dlseq.data.scenes import draw_scenes
from dlseq.tasks.captioning.captioner import Captioner
from dlseq.tasks.captioning.views import SHIFTS, shifted_views
from dlseq.tasks.pretrained import pretrained
from dlseq.text.vocabulary import Vocabulary

MAX_WORDS = 16
CARRIED = ("hidden", "cell", "fed", "previous", "covered")  # what a step changes


class Start(keras.Model):
    """A network's encoder, and the decoder's state before the first word, without what is `None`."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def call(self, image):
        state = self.network.decoder.initial_state(self.network.encoder(image))
        return {name: value for name, value in state.items() if value is not None}


class Step(keras.Model):
    """One step of a decoder: its logits and what it has changed of the state."""

    def __init__(self, decoder):
        super().__init__()
        self.decoder = decoder

    def call(self, inputs):
        token, state = inputs
        logits, after, _ = self.decoder.step(token, {"mask": None, **state})
        return logits, {name: after[name] for name in CARRIED if name in after}


def main() -> None:
    """Time both sides on the same images and print captions a second."""
    parser = argument_parser("Captions a second, greedy.")
    parser.add_argument("--images", type=int, default=1_000)
    parser.add_argument("--baseline-images", type=int, default=10, help="images of a call of the baseline")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", type=Path, help="a saved captioner (default: the shipped one)")
    parser.add_argument("--views", type=int, default=len(SHIFTS), help="views of an image (default: %(default)s)")
    arguments = parser.parse_args()
    captioner = Captioner.load(arguments.model or pretrained("captioning-scenes"))
    images = [scene.image for scene in draw_scenes(arguments.images, seed=1, split="test")]
    few = images[: arguments.baseline_images]

    predict_per_word = baseline(captioner.network, arguments.views)
    ours = [caption.words for caption in captioner.caption(images, views=arguments.views)[: len(few)]]
    if (found := predict_per_word(few)) != ours:
        raise SystemExit(f"The two sides differ: {found} and {ours}.")
    calls = [lambda: predict_per_word(few), lambda: captioner.caption(images, views=arguments.views)]
    times = best_in_turn(calls, arguments.rounds, 0.0)
    per_second = [count / cpu for count, (_, cpu) in zip((len(few), len(images)), times, strict=True)]
    per_wall_second = [count / wall for count, (wall, _) in zip((len(few), len(images)), times, strict=True)]

    table = Table(f"Captions of {len(images)} images", ["side", "a CPU second", "a second", "times the baseline (CPU)"])
    for name, cpu, wall in zip(("predict per word", "ours"), per_second, per_wall_second, strict=True):
        table.add(name, f"{cpu:,.1f}", f"{wall:,.1f}", f"{cpu / per_second[0]:.1f}")
    table.print(
        f"{arguments.views} views of an image. The baseline has {len(few)} images. Best of {arguments.rounds} rounds."
    )
    figures = {"captions_per_cpu_second": per_second, "captions_per_second": per_wall_second}
    write_json(arguments.json, {**figures, "ratio": per_second[1] / per_second[0]})


def baseline(network, views):
    """Return a function from images to captions that calls `predict` for each image and each word, of all its views."""
    decoder, names = network.decoder, network.target_vocabulary.symbols
    encoder, step = Start(network), Step(decoder)

    def caption(image):
        state = encoder.predict(shifted_views(image[None], views), verbose=0)
        token, words = np.full(views, decoder.start_id, "int32"), []
        while len(words) < MAX_WORDS:
            logits, changed = step.predict((token, state), verbose=0)
            state |= changed
            chances = np.exp(logits - logits.max(axis=1, keepdims=True))
            chances = (chances / chances.sum(axis=1, keepdims=True)).mean(axis=0)
            token = np.full(views, chances.argmax(), "int32")
            if token[0] == Vocabulary.eos_id:
                break
            words.append(names[token[0] - Vocabulary.eos_id - 1] if token[0] > Vocabulary.eos_id else "<unk>")
        return tuple(words)

    return lambda images: [caption(image) for image in images]


if __name__ == "__main__":
    main()
