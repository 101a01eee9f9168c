"""Network that answers questions about an image by two looks, the second shifted by the question."""

import keras
import numpy as np
from keras import ops

from dlseq.networks.token_network import TokenNetwork

__all__ = ["VisualAnswerer"]

FEATURE = "word"
SMALLEST_SHARE = 1e-5  # of a shifted look, so that no place is excluded


@keras.saving.register_keras_serializable(package="dlseq")
class VisualAnswerer(TokenNetwork):
    """A network from an image and questions about it to answers, with the places of two looks.

    For one question, and the `P` places of a grid:

    1. `grid = features(image)`, `(P, C)`; keys and values are dense layers of it.
    2. The words of the question get a memory (`RecurrentEncoder`) and its mean `q`. Two pointers, softmaxes over the
       words, take the embeddings `n1`, `n2` of the words that name things.
    3. First look: `e1 = keys · W n1`, `a1 = softmax(e1)`.
    4. Second look: a kernel over offsets that depends on `q` moves the first one, as *on the chair* asks for the place
       one step above it: `shifted[p] = sum over p' of a1[p'] kernel[p - p']`, and
       `a2 = softmax(keys · W2 q + log shifted)`.
    5. Presence and number: `s = sigmoid(w e + b)` of both names at each place, and the maximum of `w e + b`, which
       adds to the logits of the answers directly.
    6. The answer follows from `q`, what both looks see, where they look, and `s`; it can repeat a word of the question.

    Args:
        features: Dict of the vocabulary of the words, `{"word": Vocabulary.to_config()}`.
        image_features: A Keras layer from images to a grid of features, such as `ConvolutionalFeatures`.
        image_size: Integer, the width and height of the images.
        answers: List of the answers of one word.
        relations: List of the relations that an answer can begin with, such as "on" in *on the chair*.
        key_units: Integer, the width of the keys. Defaults to `64`.
        value_units: Integer, the width of the values. Defaults to `96`.
        hidden_units: Integer, the width of the hidden layers of the answer. Defaults to `192`.
        map_units: Integer, the width of what is read from the maps of presence. Defaults to `64`.
        question_only: Boolean, a baseline that sees a gray image. Defaults to `False`.
        metadata: Plain data about the model. Defaults to `None`, which is `{}`.
        **sizes: The arguments of `RecurrentEncoder`, and those of a Keras model.

    Call arguments:
        inputs: Dict of `image`, pixels `(B, H, W, 3)`, and `question`, ids `(B, Q, T)`, padded with 0 at the end.

    Returns:
        Dict of `answer`, logits `(B, Q, answers + 1 + relations)`: of the word, and of no relation and each relation;
        and `looks`, the weights `(B, Q, 2, P)`.

    Reference:
        Yang et al., 2016, "Stacked attention networks for image question answering", arXiv:1511.02274.
    """

    def __init__(
        self,
        features,
        image_features,
        image_size,
        answers,
        relations,
        key_units=64,
        value_units=96,
        hidden_units=192,
        map_units=64,
        question_only=False,
        metadata=None,
        name=None,
        dtype=None,
        trainable=True,
        **sizes,
    ):
        super().__init__(features, sizes, metadata, name=name, dtype=dtype, trainable=trainable)
        self.image_features = image_features
        self.image_size = image_size
        self.answers, self.relations = list(answers), list(relations)
        self.key_units, self.value_units, self.hidden_units = key_units, value_units, hidden_units
        self.map_units = map_units
        self.question_only = bool(question_only)
        options = {"dtype": self.dtype_policy}
        self.keys = keras.layers.Dense(key_units, name="keys", **options)
        self.values = keras.layers.Dense(value_units, name="values", **options)
        self.pointers = keras.layers.Dense(2, name="pointers", **options)
        self.name_query = keras.layers.Dense(key_units, name="name_query", **options)
        self.second_query = keras.layers.Dense(key_units, name="second_query", **options)
        self.presence = keras.layers.Dense(1, kernel_initializer="ones", name="presence", **options)
        self.evidence = keras.layers.Dense(len(self.answers), use_bias=False, name="evidence", **options)
        self.gate = keras.layers.Dense(value_units, name="gate", **options)
        self.hidden = [
            keras.layers.Dense(hidden_units, activation="relu", name=f"hidden_{layer}", **options) for layer in (1, 2)
        ]
        self.map_features = keras.layers.Dense(map_units, activation="relu", name="map_features", **options)
        self.map_gate = keras.layers.Dense(map_units, name="map_gate", **options)
        self.mapped = keras.layers.Dense(len(self.answers), name="mapped", **options)
        self.copies = keras.layers.Dense(2, name="copies", **options)
        self.repeated = keras.layers.Dense(len(self.answers), name="repeated", **options)
        self.seen = keras.layers.Dense(len(self.answers), name="seen", **options)
        self.logits = keras.layers.Dense(len(self.answers) + 1 + len(self.relations), name="logits", **options)
        self._build_layers()
        self.built = True

    def _build_layers(self):
        image_shape = (None, self.image_size, self.image_size, 3)
        if not self.image_features.built:
            self.image_features.build(image_shape)
        _, rows, columns, channels = self.image_features.compute_output_shape(image_shape)
        self.grid_shape = rows, columns
        """Rows and columns of the grid."""
        places, width = rows * columns, self.encoder.units_out
        embedding = self.encoder.embedding_width
        row, column = np.divmod(np.arange(places), columns)
        down, right = row[None] - row[:, None], column[None] - column[:, None]  # from a place to another, (P, P)
        self._offsets = (down + rows - 1) * (2 * columns - 1) + right + columns - 1
        self._coordinates = np.stack([row / max(rows - 1, 1), column / max(columns - 1, 1)], axis=1).astype("float32")
        self.kernel = keras.layers.Dense((2 * rows - 1) * (2 * columns - 1), name="kernel", dtype=self.dtype_policy)
        hidden_width = width + 2 * self.value_units + 2 * places + 2 + 4
        for layer, units in (
            (self.keys, channels),
            (self.values, channels),
            (self.pointers, width),
            (self.name_query, embedding),
            (self.second_query, width),
            (self.presence, 1),
            (self.evidence, 2),
            (self.gate, width),
            (self.hidden[0], hidden_width),
            (self.hidden[1], self.hidden_units),
            (self.map_features, 2 * places + 2),
            (self.map_gate, width),
            (self.mapped, self.map_units),
            (self.copies, self.hidden_units),
            (self.repeated, embedding),
            (self.seen, self.value_units),
            (self.logits, self.hidden_units),
            (self.kernel, width),
        ):
            layer.build((None, units))

    def call(self, inputs, training=False):
        image, question = inputs["image"], inputs["question"]
        count = ops.shape(question)[1]
        keys, values = self._see(image, training)  # (B, P, K), (B, P, D)
        q, names = self._read(question, training)  # (B, Q, E), (B, Q, 2, E')
        energies = ops.einsum("bqnk,bpk->bqnp", self.name_query(names), keys) / self.key_units**0.5
        first = ops.softmax(energies[:, :, 0])  # (B, Q, P)
        kernel = ops.take(ops.softmax(self.kernel(q)), self._offsets, axis=-1)  # (B, Q, P, P)
        shifted = ops.einsum("bqp,bqpr->bqr", first, kernel)
        second_energies = ops.einsum("bqk,bpk->bqp", self.second_query(q), keys) / self.key_units**0.5
        second = ops.softmax(second_energies + ops.log(shifted + SMALLEST_SHARE))  # (B, Q, P)
        looks = ops.stack([first, second], axis=2)  # (B, Q, 2, P)
        contexts = ops.einsum("bqlp,bpd->bqld", looks, values)
        centers = ops.einsum("bqlp,pc->bqlc", looks, ops.cast(self._coordinates, looks.dtype))
        there = self.presence(energies[..., None])[..., 0]  # (B, Q, 2, P)
        shape = (-1, count)
        maps = ops.concatenate(
            [ops.reshape(ops.sigmoid(there), (*shape, 2 * there.shape[-1])), ops.max(there, axis=-1)], axis=-1
        )  # (B, Q, 2 P + 2)
        sights = ops.reshape(contexts, (*shape, 2 * self.value_units))
        hidden = ops.concatenate([q, sights, maps, ops.reshape(centers, (*shape, 4))], axis=-1)
        for layer in self.hidden:
            hidden = layer(hidden)
        words = self.seen(contexts[:, :, 1] * self.gate(q))
        words = words + self.evidence(ops.max(there, axis=-1))
        words = words + self.mapped(self.map_features(maps) * self.map_gate(q))
        words = words + ops.sum(self.repeated(names) * self.copies(hidden)[..., None], axis=2)
        padding = [(0, 0), (0, 0), (0, 1 + len(self.relations))]
        return {"answer": self.logits(hidden) + ops.pad(words, padding), "looks": looks}

    def _see(self, image, training):
        """Return keys and values of the places of the images."""
        if self.question_only:
            image = ops.zeros_like(image)
        grid = self.image_features(image, training=training)  # (B, H', W', C)
        grid = ops.reshape(grid, (-1, self.grid_shape[0] * self.grid_shape[1], grid.shape[-1]))
        return self.keys(grid), self.values(grid)

    def _read(self, question, training):
        """Return the mean of the memory of the questions `(B, Q, E)`, and the two words pointed at `(B, Q, 2, E')`."""
        count, length = ops.shape(question)[1], ops.shape(question)[2]
        ids = {FEATURE: ops.reshape(question, (-1, length))}  # (B Q, T)
        mask = self.encoder.compute_mask(ids)
        embedded = self.encoder.embed(ids, training=training)  # (B Q, T, E')
        memory = self.encoder.read(embedded, mask, training=training)  # (B Q, T, E)
        words = ops.cast(mask, memory.dtype)[..., None]  # (B Q, T, 1)
        mean = ops.sum(memory * words, axis=1) / ops.maximum(ops.sum(words, axis=1), 1)
        weights = ops.softmax(self.pointers(memory) - 1e4 * (1 - words), axis=1)  # (B Q, T, 2)
        names = ops.einsum("btn,bte->bne", weights, embedded)
        return (
            ops.reshape(mean, (-1, count, mean.shape[-1])),
            ops.reshape(names, (-1, count, 2, names.shape[-1])),
        )

    def input_signature(self, batch_size=None):
        """Return the specification of the inputs, for `export`."""
        size = self.image_size
        return [
            {
                "image": keras.InputSpec(shape=(batch_size, size, size, 3), dtype="uint8", name="image"),
                "question": keras.InputSpec(shape=(batch_size, None, None), dtype="int32", name="question"),
            }
        ]

    def get_config(self):
        return {
            **super().get_config(),
            "image_features": keras.saving.serialize_keras_object(self.image_features),
            "image_size": self.image_size,
            "answers": list(self.answers),
            "relations": list(self.relations),
            "key_units": self.key_units,
            "value_units": self.value_units,
            "hidden_units": self.hidden_units,
            "map_units": self.map_units,
            "question_only": self.question_only,
        }

    @classmethod
    def from_arguments(cls, arguments):
        features = keras.saving.deserialize_keras_object(arguments["image_features"])
        return cls(**{**arguments, "image_features": features})
