"""Train the solution of `date_normalization` and save its weights, for the attention maps of the report.

    python tests/graded/weights/make_date_normalization.py

Writes `date_normalization.npz` beside this file: weights by layer name, one text, one-hot, and its ISO date; and
`date_normalization.json` with the exact match of these weights on held-out dates.
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
    """Train, evaluate and save."""
    keras.utils.set_random_seed(SEED)
    solution = load(HERE.parents[2] / "solutions" / "date_normalization.py")
    train = date_pairs(PAIRS, "course", split="train", seed=SEED)
    held_out = date_pairs(1_000, "course", split="test", seed=SEED)
    vocabulary = Vocabulary.from_texts(pair.text for pair in train)
    eye, written = np.eye(len(vocabulary), dtype="float32"), solution.WRITTEN

    def inputs_of(texts):
        zeros = np.zeros((len(texts), solution.n_s), "float32")
        return [eye[vocabulary.encode_batch(texts, length=solution.Tx)], zeros, zeros]

    ids = np.array([[written.index(letter) for letter in pair.iso] for pair in train])
    model = solution.modelf(solution.Tx, solution.Ty, solution.n_a, solution.n_s, len(vocabulary))
    model.compile(keras.optimizers.Adam(0.01), loss="categorical_crossentropy", jit_compile=False)
    targets = list(np.eye(len(written), dtype="float32")[ids].swapaxes(0, 1))
    model.fit(inputs_of([pair.text for pair in train]), targets, batch_size=50, epochs=EPOCHS, verbose=0)
    outputs = model(inputs_of([pair.text for pair in held_out] + [TEXT]))
    predictions = ["".join(written[index] for index in row) for row in np.argmax(np.stack(outputs), axis=-1).T]
    right = np.mean([iso == pair.iso for iso, pair in zip(predictions, held_out, strict=False)])
    if predictions[-1] != ISO:
        raise SystemExit(f"{TEXT!r} is normalized to {predictions[-1]}. Train for more epochs")
    encoder = next(layer for layer in model.layers if isinstance(layer, keras.layers.Bidirectional))
    named = {"encoder": encoder, **{name: getattr(solution, name) for name in ("densor1", "densor2", "output_layer")}}
    named["post_activation_LSTM_cell"] = solution.post_activation_LSTM_cell
    arrays = {f"{name}.{n}": value for name, layer in named.items() for n, value in enumerate(layer.get_weights())}
    with atomic_write(HERE / "date_normalization.npz") as partial:
        np.savez_compressed(partial, x=inputs_of([TEXT])[0][0], text=TEXT, iso=ISO, **arrays)
    with atomic_write(HERE / "date_normalization.json") as partial:
        figures = {"held_out_dates": 1_000, "exact_match": float(right), "pairs": PAIRS, "epochs": EPOCHS, "seed": SEED}
        partial.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    print(f"{right:.1%} of 1,000 held-out dates")


def load(path):
    """Load a script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
