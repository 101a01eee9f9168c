"""Recurrent encoder and tagger: cells, directions, masks, unknown tokens, files."""

import keras
import numpy as np
import pytest

from dlseq.networks.recurrent_encoder import CELLS, RecurrentEncoder
from dlseq.networks.tagger import Tagger
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.saving import load_network, save_network

LETTERS, TAGS = Vocabulary("abcdef"), Vocabulary(["O", "B-x", "I-x"], level="word")
IDS = LETTERS.encode_batch(["abcde", "fa", "c"])


def randomize(model, seed=3):
    rng = np.random.default_rng(seed)
    for weight in model.trainable_weights:
        weight.assign(0.6 * rng.normal(size=weight.shape))
    return model


def encoder(**sizes):
    return randomize(RecurrentEncoder({"a": 9, "b": 9}, embedding_units={"a": 4, "b": 3}, units=5, **sizes))


@pytest.fixture(params=CELLS)
def cell(request):
    return request.param


@pytest.mark.parametrize(("bidirectional", "depth"), [(True, 2), (False, 1)])
def test_padding_has_no_effect_on_the_memory(cell, bidirectional, depth):
    layer = encoder(cell=cell, bidirectional=bidirectional, depth=depth)
    together = np.asarray(layer({"a": IDS, "b": IDS[:, ::1]}))
    for row, length in enumerate((5, 2, 1)):
        alone = np.asarray(layer({"a": IDS[row : row + 1, :length], "b": IDS[row : row + 1, :length]}))
        np.testing.assert_allclose(together[row, :length], alone[0], atol=1e-5)
        assert not together[row, length:].any()


def test_a_direction_reads_only_what_it_should(cell):
    """Without the other direction, a change of the last token changes its own memory only."""
    other = IDS.copy()
    other[0, 4] = 3
    for bidirectional, changed in ((False, [False] * 4 + [True]), (True, [True] * 5)):
        layer = encoder(cell=cell, bidirectional=bidirectional)
        before, after = (np.asarray(layer({"a": ids, "b": ids}))[0] for ids in (IDS, other))
        assert (np.abs(before - after).max(axis=1) > 1e-6).tolist() == changed


def test_one_layer_is_the_cell_of_keras(cell):
    """Oracle: Keras's layer over the concatenated embeddings."""
    layer = encoder(cell=cell, bidirectional=False)
    tables = [layer.embeddings[name].get_weights()[0] for name in "ab"]
    keras_class = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "simple_rnn": keras.layers.SimpleRNN}[cell]
    reference = keras_class(5, return_sequences=True)
    reference.build((None, None, 7))
    reference.set_weights(layer.layers_[0].get_weights())
    expected = reference(np.concatenate([table[IDS[:1]] for table in tables], axis=-1))
    np.testing.assert_allclose(layer({"a": IDS[:1], "b": IDS[:1]}), expected, atol=1e-5)


def test_unknown_ids_replace_tokens_in_training_only():
    layer = encoder(unknown_rate=1.0)
    unknown = np.where(IDS == 0, 0, Vocabulary.unk_id)
    trained = layer({"a": IDS, "b": IDS}, training=True)
    np.testing.assert_allclose(trained, layer({"a": unknown, "b": unknown}), atol=1e-6)
    assert np.abs(np.asarray(trained) - np.asarray(layer({"a": IDS, "b": IDS}))).max() > 1e-3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sizes": {}}, "at least one feature"),
        ({"cell": "elman"}, "lstm, gru, simple_rnn. Received: cell='elman'"),
        ({"units": 0}, "positive size of `units`"),
        ({"embedding_units": {"b": 3}}, "`embedding_units` for the features a"),
    ],
)
def test_invalid_sizes_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        RecurrentEncoder(**{"sizes": {"a": 9}, **arguments})


def tagger(**sizes):
    return randomize(Tagger({"a": LETTERS.to_config()}, TAGS.to_config(), units=4, metadata={"seed": 1}, **sizes))


def test_special_tokens_are_never_tags():
    probabilities = np.asarray(keras.ops.softmax(tagger()({"a": IDS})))
    assert probabilities.shape == (3, 5, len(TAGS))
    assert probabilities[..., :3].max() == 0
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, atol=1e-5)


def test_a_saved_tagger_is_the_same(cell, tmp_path):
    network = tagger(cell=cell, depth=2, dropout=0.1, unknown_rate=0.2)
    save_network(network, tmp_path / "tagger.keras")
    loaded = load_network(tmp_path / "tagger.keras", Tagger)
    np.testing.assert_allclose(loaded({"a": IDS}), network({"a": IDS}), atol=1e-6)
    assert loaded.get_config() == network.get_config()
    assert loaded.metadata == {"seed": 1}
