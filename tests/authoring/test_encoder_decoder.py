"""The solution of `encoder_decoder` against loops over single sentences and words, and the claims of its lesson."""

import numpy as np
import pytest

START, END = 1, 2


def test_inputs_and_targets_by_hand(solution):
    inputs, targets = solution.training_targets([[7, 5, 9], [8]], START, END)
    assert inputs.tolist() == [[1, 7, 5, 9], [1, 8, 0, 0]]
    assert targets.tolist() == [[7, 5, 9, 2], [8, 2, 0, 0]]


def test_the_loss_by_hand(solution):
    """Probabilities 1/2 and 1/4 of the two real targets: (log 2 + log 4) / 2."""
    logits = np.log([[[0.25, 0.5, 0.25], [0.5, 0.25, 0.25], [0.9, 0.05, 0.05]]]).astype("float32")
    assert float(solution.masked_loss(np.array([[1, 2, 0]]), logits)) == pytest.approx(1.5 * np.log(2))


def test_attention_by_loops(solution):
    rng = np.random.default_rng(0)
    queries, memory = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 4))
    mask = np.array([[True] * 5, [True, True, False, False, False]])
    context, weights = (np.asarray(value) for value in solution.attend(queries, memory, mask))
    for b in range(2):
        for t in range(3):
            powers = [np.exp(queries[b, t] @ memory[b, j]) if mask[b, j] else 0 for j in range(5)]
            np.testing.assert_allclose(weights[b, t], np.array(powers) / sum(powers), rtol=1e-5)
            np.testing.assert_allclose(context[b, t], weights[b, t] @ memory[b], rtol=1e-5)


@pytest.mark.parametrize("with_memory", [False, True])
def test_translations_are_those_of_each_sentence_alone(solution, with_memory):
    """The oracle reads the whole beginning of one sentence again for each word."""
    encoder, decoder = solution.toy_models(21, with_memory)
    sentences = [[3, 4, 5], [6], [7, 7, 3, 4], [5, 3]]
    source = np.array([sentence + [0] * (4 - len(sentence)) for sentence in sentences])
    found = solution.translate(encoder, decoder, source, START, END, 5)
    for sentence, words in zip(sentences, found, strict=True):
        states, prefix = [np.asarray(value) for value in encoder(np.array([sentence]))], [START]
        while len(prefix) <= 5:
            prefix.append(int(np.argmax(decoder([np.array([prefix]), *states])[0][0, -1])))
            if prefix[-1] == END:
                break
        assert words == [word for word in prefix[1:] if word != END]


def test_decoding_at_once_equals_decoding_word_by_word(solution):
    encoder, decoder = solution.attention_encoder_model(9, 4, 6), solution.attention_decoder_model(8, 5, 6)
    h, c, *rest = (np.asarray(value) for value in encoder(np.array([[3, 8, 4], [5, 0, 0]])))
    ids = np.array([[1, 3, 7, 4], [1, 6, 6, 5]])
    whole = np.asarray(decoder([ids, h, c, *rest])[0])
    for step in range(4):
        logits, h, c, _ = (np.asarray(value) for value in decoder([ids[:, step : step + 1], h, c, *rest]))
        np.testing.assert_allclose(logits[:, 0], whole[:, step], rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_attention_keeps_the_bleu_that_others_lose_with_the_length(monkeypatch, run_lesson):
    """The claims of the lesson about its plot."""
    from keras.src import backend

    monkeypatch.setattr(backend, "lstm", backend.lstm)  # the lesson patches it: restored at the end
    scores = run_lesson()["scores"]
    by_length = {name: {score.max_length: score.score.value for score in of_model} for name, of_model in scores.items()}
    plain, backwards, attention = (
        by_length[name] for name in ("without attention", "without attention, source reversed", "with attention")
    )
    assert min(attention[length] for length in (5, 8, 11, 14, 17, 20)) > 97
    assert backwards[5] > 90 and backwards[20] < 60 and plain[20] < 50
    assert all(backwards[length] > plain[length] + 3 for length in plain)
