"""Throughput of captioning: captions a second for 1,000 images, greedy.

Baseline: the same network, one image at a time, with one `predict` call for the encoder and one for each word. Ours:
`Captioner.caption` of all images. Both sides must write the
same captions. Each side has a first call as warm-up; the timed calls are interleaved, and the best counts. The baseline
has a part of the images, because it takes minutes; its time is proportional to their number.

    python benchmarks/captioning_speed.py --model scenes.keras
"""

from pathlib import Path

import keras
import numpy as np
from report import Table, argument_parser, write_json
from timing import best_in_turn

from dlseq.data.scenes import draw_scenes
from dlseq.tasks.captioning.captioner import Captioner
from dlseq.text.vocabulary import Vocabulary

MAX_WORDS = 16


def main() -> None:
    """Time both sides on the same images and print captions a second."""
    parser = argument_parser("Captions a second, greedy.")
    parser.add_argument("--images", type=int, default=1_000)
    parser.add_argument("--baseline-images", type=int, default=10, help="images of a call of the baseline")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", type=Path, required=True, help="a saved captioner")
    arguments = parser.parse_args()
    captioner = Captioner.load(arguments.model)
    images = [scene.image for scene in draw_scenes(arguments.images, seed=1, split="test")]
    few = images[: arguments.baseline_images]

    predict_per_word = baseline(captioner.network)
    ours = [caption.words for caption in captioner.caption(images)[: len(few)]]
    if (found := predict_per_word(few)) != ours:
        raise SystemExit(f"The two sides differ: {found} and {ours}.")
    times = best_in_turn([lambda: predict_per_word(few), lambda: captioner.caption(images)], arguments.rounds, 0.0)
    per_second = [count / cpu for count, (_, cpu) in zip((len(few), len(images)), times, strict=True)]
    per_wall_second = [count / wall for count, (wall, _) in zip((len(few), len(images)), times, strict=True)]

    table = Table(f"Captions of {len(images)} images", ["side", "a CPU second", "a second", "times the baseline (CPU)"])
    for name, cpu, wall in zip(("predict per word", "ours"), per_second, per_wall_second, strict=True):
        table.add(name, f"{cpu:,.1f}", f"{wall:,.1f}", f"{cpu / per_second[0]:.1f}")
    table.print(f"The baseline has {len(few)} images. Best of {arguments.rounds} rounds.")
    figures = {"captions_per_cpu_second": per_second, "captions_per_second": per_wall_second}
    write_json(arguments.json, {**figures, "ratio": per_second[1] / per_second[0]})


def baseline(network):
    """Return a function from images to captions that calls `predict` for each image and each word."""
    decoder, names = network.decoder, network.target_vocabulary.symbols
    image = keras.Input(network.encoder.get_build_config()["input_shape"][1:], dtype="uint8")
    memory = network.encoder(image)
    first = decoder.initial_state(memory)
    encoder = keras.Model(image, [memory, first["hidden"], first["cell"]])
    token, hidden, cell = keras.Input((), dtype="int32"), keras.Input((decoder.units,)), keras.Input((decoder.units,))
    given = keras.Input(memory.shape[1:])
    logits, state, _ = decoder.step(token, {**decoder.initial_state(given), "hidden": hidden, "cell": cell})
    step = keras.Model([token, given, hidden, cell], [logits, state["hidden"], state["cell"]])

    def caption(image):
        memory, hidden, cell = encoder.predict(image[None], verbose=0)
        token, words = np.array([decoder.start_id], "int32"), []
        while len(words) < MAX_WORDS:
            logits, hidden, cell = step.predict([token, memory, hidden, cell], verbose=0)
            token = logits.argmax(axis=-1).astype("int32")
            if token[0] == Vocabulary.eos_id:
                break
            words.append(names[token[0] - Vocabulary.eos_id - 1] if token[0] > Vocabulary.eos_id else "<unk>")
        return tuple(words)

    return lambda images: [caption(image) for image in images]


if __name__ == "__main__":
    main()
