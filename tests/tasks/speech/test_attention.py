"""Tests of the attention decoder of speech; what both decoders share is tested in `test_recognition`."""

import itertools
import json

import numpy as np
import pytest
from keras import ops

from dlseq.data.speech import FRAMES_PER_SECOND, LANGUAGES, draw_utterances, language_words
from dlseq.errors import ModelFileError
from dlseq.metrics import word_error_rate
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.speech.attention_listener import language_automaton, place
from dlseq.tasks.speech.recognition import SpeechRecognizer
from dlseq.tasks.translation.translator import Translator
from dlseq.training.config import TrainingConfig

EOS = 2


@pytest.fixture(scope="module")
def shipped():
    return SpeechRecognizer.load(pretrained("speech-attention"))


@pytest.fixture(scope="module")
def untrained():
    return SpeechRecognizer.build(draw_utterances(60, seed=1), decoder="attention", filters=6, units=6, decoder_units=8)


@pytest.fixture(scope="module")
def drawn():
    """Utterances of voices that are hard to understand, so that the texts found are not all sure."""
    return draw_utterances(6, seed=2, split="stylized", noise_share=0)


def chances_of(model, recording, text, kept=None):
    """Return the probability of each word of a text and of its end, by the network with the text as its target.

    `kept` are the words that can be written, all if it is `None`.
    """
    vocabulary = model.network.target_vocabulary
    ids = vocabulary.encode_rows([text.split()], eos=True)
    source = {"levels": recording[None], "frames": np.ones((1, len(recording)), np.int32)}
    odds = np.exp(ops.convert_to_numpy(model.network({"source": source, "target": ids}))[0].astype(np.float64))
    columns = range(odds.shape[1]) if kept is None else [EOS, *vocabulary.encode_rows([sorted(kept)])[0]]
    return odds[np.arange(ids.shape[1]), ids[0]] / odds[:, list(columns)].sum(axis=1)


def words_of(code):
    return set(language_words(code, "digits")) | set(language_words(code, "commands"))


def test_automaton_has_the_texts_of_one_language_alone():
    """Compared with the definition, over all texts of three words."""
    languages = [{3, 4, 5}, {5, 6}, {6, 7, 3}]
    automaton = language_automaton(languages, 8)
    for text in itertools.product(range(3, 8), repeat=3):
        state = automaton.start
        for token in (*text, EOS):
            state = automaton.transitions[state][token] if state >= 0 else state
        assert (state >= 0) == any(set(text) <= words for words in languages), text
    assert (automaton.transitions[:, EOS] >= 0).all() and (automaton.transitions[:, :EOS] < 0).all()


@pytest.mark.parametrize(
    ("weights", "expected"),
    [([0, 1, 0], (1, 2)), ([0.05, 0.05, 0.1, 0.7, 0.1], (2, 4)), ([0.25] * 4, (0, 4)), ([1], (0, 1))],
)
def test_place_of_a_word_has_eight_tenths_of_its_attention(weights, expected):
    assert place(np.array(weights, np.float32)) == expected


def test_probability_is_that_of_the_network_for_this_text(shipped, drawn):
    for utterance, heard in zip(drawn, shipped.transcribe([utterance.levels for utterance in drawn]), strict=True):
        chances = chances_of(shipped, utterance.levels, heard.text)
        assert heard.probability == pytest.approx(chances.prod(), rel=1e-3)
        for word, chance in zip(heard.words, chances, strict=False):
            assert word.choices[0] == (word.word, pytest.approx(chance, rel=1e-3))
        assert all(other != heard.text for other, _ in heard.alternatives)


def test_score_has_the_nats_of_the_right_text(shipped, drawn):
    nats = [-np.log(chances_of(shipped, utterance.levels, utterance.text)).sum() for utterance in drawn]
    assert max(nats) > 0.1 and shipped.score(drawn)["nats_per_utterance"] == pytest.approx(np.mean(nats), rel=1e-3)


def test_given_language_has_the_probability_among_its_words(shipped, drawn):
    for utterance in drawn[:1]:
        (heard,) = shipped.transcribe([utterance.levels], language="ko")
        chances = chances_of(shipped, utterance.levels, heard.text, words_of("ko"))
        assert heard.probability == pytest.approx(chances.prod(), rel=1e-3)
        assert {word.word for word in heard.words} <= words_of("ko")


def test_a_text_has_words_of_one_language(shipped):
    drawn = draw_utterances(30, seed=3, split="stylized", noise_share=0)
    heard = shipped.transcribe([utterance.levels for utterance in drawn])
    assert all(
        {word.word for word in transcript.words} <= words_of(transcript.language)
        for transcript in heard
        if transcript.text
    )
    assert {transcript.language for transcript in heard} >= set(LANGUAGES)


def test_a_recording_is_heard_alike_alone_and_among_others(shipped, drawn):
    recordings = [utterance.levels for utterance in drawn[:2]]
    for levels, among_others in zip(recordings, shipped.transcribe(recordings), strict=True):
        (alone,) = shipped.transcribe([levels])
        assert alone.text == among_others.text and alone.probability == pytest.approx(
            among_others.probability, rel=1e-3
        )
        np.testing.assert_allclose(alone.attention, among_others.attention, atol=1e-4)


def test_attention_is_over_the_steps_of_each_word_in_order(shipped):
    drawn, in_order = draw_utterances(20, seed=3, split="test", noise_share=0), []
    for utterance, heard in zip(drawn, shipped.transcribe([utterance.levels for utterance in drawn]), strict=True):
        steps = -(-len(utterance.levels) // shipped.network.encoder.stride)
        assert heard.attention.shape == (len(heard.words), steps)
        np.testing.assert_allclose(heard.attention.sum(axis=1), 1, atol=1e-4)
        for word in heard.words:
            assert 0 <= word.start < word.end <= len(utterance.levels) / FRAMES_PER_SECOND + 1e-9
        if heard.text == utterance.text:
            in_order.append((np.diff(heard.attention @ np.arange(steps)) > 0).all())
    assert len(in_order) > 10 and np.mean(in_order) >= 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_model_understands_voices_that_it_has_never_heard(shipped, language):
    drawn = draw_utterances(40, seed=77, split="test", languages=(language,), noise_share=0)
    heard = shipped.transcribe([utterance.levels for utterance in drawn], language=language)
    assert word_error_rate([transcript.text for transcript in heard], [utterance.text for utterance in drawn]) < 0.1


def test_encoder_of_a_shipped_model_is_copied():
    utterances = draw_utterances(20, seed=1)
    copied = SpeechRecognizer.build(utterances, decoder="attention", encoder_from="speech-words").network.encoder
    original = SpeechRecognizer.load(pretrained("speech-words")).network.encoder
    for ours, theirs in zip(copied.get_weights(), original.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_each_decoder_is_loaded_as_such_and_by_this_task_alone(shipped, untrained, tmp_path):
    assert shipped.decoder == "attention" and SpeechRecognizer.load(pretrained("speech-words")).decoder == "ctc"
    with pytest.raises(ModelFileError, match="one of another task"):
        SpeechRecognizer.load(pretrained("captioning-scenes"))
    with pytest.raises(ModelFileError, match="one of another task"):
        Translator.load(pretrained("speech-attention"))
    untrained.save(tmp_path / "mine.keras")
    levels = draw_utterances(1, seed=4)[0].levels
    ours, theirs = (
        chances_of(model, levels, "one two") for model in (untrained, SpeechRecognizer.load(tmp_path / "mine.keras"))
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)


def test_recorded_command_names_the_preset():
    record = json.loads(pretrained("speech-attention").with_suffix(".json").read_text("utf-8"))
    assert "--preset attention" in record["command"] and record["sizes"]["decoder"] == "attention"


def test_specification_of_the_inputs_has_those_of_the_encoder(untrained):
    (specification,) = untrained.network.input_signature(batch_size=2, source_length=50, target_length=3)
    assert specification["source"]["levels"].shape == (2, 50, 40) and specification["target"].shape == (2, 3)
    assert specification["source"]["frames"].dtype == "int32"


@pytest.mark.slow
def test_training_lowers_the_loss_of_words_and_end():
    digits = draw_utterances(40, 1, languages=("en",), digits=(1, 1), digit_share=1, noise_share=0)
    model = SpeechRecognizer.build(digits, decoder="attention", filters=12, units=12, decoder_units=16, dropout=0.0)
    before = model.score(digits)["nats_per_utterance"]
    run = model.fit(digits, digits, TrainingConfig(epochs=6, batch_size=8, learning_rate=0.01))
    after = model.score(digits)["nats_per_utterance"]
    assert after < 0.7 * before
    assert after == pytest.approx(2 * min(run.history["val_loss"]), rel=0.01)  # a word and its end
