"""Trains the solution of `date_normalization` and keeps its weights, so that a report can show where others look.

    python tests/graded/weights/make_date_normalization.py

Writes `date_normalization.npz` beside this file: weights by the names of their layers, one text, one-hot, and what is
written of it; and `date_normalization.json` with the share of held-out dates that these weights get right.
"""

import importlib.util
import json
from pathlib import Path

import keras
import numpy as np

from dlseq.data.dates import date_pairs
from dlseq.files import atomic_write
from dlseq.text.vocabulary import Vocabulary

HERE = Path(__file__).parent
TEXT, ISO = "wednesday august 19 1998", "1998-08-19"
PAIRS, EPOCHS, SEED = 8_000, 8, 0


def main() -> None:
    """Trains, scores and writes."""
    keras.utils.set_random_seed(SEED)
    solution = load(HERE.parents[2] / "solutions" / "date_normalization.py")
    train = date_pairs(PAIRS, "course", split="train", seed=SEED)
    held_out = date_pairs(1_000, "course", split="test", seed=SEED)
    vocabulary = Vocabulary.from_texts(pair.text for pair in train)
    eye, written = np.eye(len(vocabulary), dtype="float32"), solution.WRITTEN

    def inputs_of(texts):
        nothing = np.zeros((len(texts), solution.n_s), "float32")
        return [eye[vocabulary.encode_batch(texts, length=solution.Tx)], nothing, nothing]

    ids = np.array([[written.index(letter) for letter in pair.iso] for pair in train])
    model = solution.modelf(solution.Tx, solution.Ty, solution.n_a, solution.n_s, len(vocabulary))
    model.compile(keras.optimizers.Adam(0.01), loss="categorical_crossentropy", jit_compile=False)
    targets = list(np.eye(len(written), dtype="float32")[ids].swapaxes(0, 1))
    model.fit(inputs_of([pair.text for pair in train]), targets, batch_size=50, epochs=EPOCHS, verbose=0)
    outputs = model(inputs_of([pair.text for pair in held_out] + [TEXT]))
    answers = ["".join(written[index] for index in row) for row in np.argmax(np.stack(outputs), axis=-1).T]
    right = np.mean([answer == pair.iso for answer, pair in zip(answers, held_out, strict=False)])
    if answers[-1] != ISO:
        raise SystemExit(f"{TEXT!r} is read as {answers[-1]}; train for longer")
    reader = next(layer for layer in model.layers if isinstance(layer, keras.layers.Bidirectional))
    named = {"reader": reader, **{name: getattr(solution, name) for name in ("densor1", "densor2", "output_layer")}}
    named["post_activation_LSTM_cell"] = solution.post_activation_LSTM_cell
    arrays = {f"{name}.{n}": value for name, layer in named.items() for n, value in enumerate(layer.get_weights())}
    with atomic_write(HERE / "date_normalization.npz") as partial:
        np.savez_compressed(partial, x=inputs_of([TEXT])[0][0], text=TEXT, iso=ISO, **arrays)
    with atomic_write(HERE / "date_normalization.json") as partial:
        figures = {"held_out_dates": 1_000, "exact_match": float(right), "pairs": PAIRS, "epochs": EPOCHS, "seed": SEED}
        partial.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    print(f"{right:.1%} of 1,000 held-out dates")


def load(path):
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
