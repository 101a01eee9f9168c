"""Tests of the recognizer of speech; what all tasks have in common is tested in `test_all_tasks`."""

import numpy as np
import pytest

from dlseq.data.speech import (
    FRAMES_PER_SECOND,
    LANGUAGES,
    NONSPEECH,
    RATE,
    Utterance,
    draw_nonspeech,
    draw_utterances,
    language_words,
    log_mel,
    loudness_levels,
    write_wav,
)
from dlseq.errors import DataError
from dlseq.metrics import word_error_rate
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.speech.presets import SpeechData
from dlseq.tasks.speech.recognition import SpeechRecognizer


@pytest.fixture(scope="module")
def recognizer():
    return SpeechRecognizer.build(draw_utterances(30, seed=1), filters=6, units=6, seed=1)


@pytest.fixture(scope="module")
def shipped():
    return SpeechRecognizer.load(pretrained("speech-words"))


def test_a_recording_is_heard_alike_alone_and_among_others(recognizer):
    recordings = [utterance.levels for utterance in draw_utterances(5, seed=2)]
    for levels, among_others in zip(recordings, recognizer.transcribe(recordings), strict=True):
        (alone,) = recognizer.transcribe([levels])
        assert alone.text == among_others.text and alone.probability == pytest.approx(
            among_others.probability, abs=1e-4
        )
    assert recognizer.transcribe([]) == []


def test_words_and_their_places_are_those_of_the_text(shipped):
    for utterance, transcript in zip(
        utterances := draw_utterances(20, seed=3, split="test"),
        shipped.transcribe([utterance.levels for utterance in utterances]),
        strict=True,
    ):
        assert " ".join(word.word for word in transcript.words) == transcript.text
        places = [second for word in transcript.words for second in (word.start, word.end)]
        assert places == sorted(places) and all(word.start < word.end for word in transcript.words)
        assert not places or places[-1] <= len(utterance.levels) / FRAMES_PER_SECOND
        for word in transcript.words:
            assert word.choices[0][0] == word.word
        chances = [transcript.probability, *(chance for _, chance in transcript.alternatives)]
        assert chances == sorted(chances, reverse=True) and sum(chances) <= 1 + 1e-6


def test_text_that_cannot_be_heard_in_its_recording_is_refused(recognizer):
    levels = draw_utterances(1, seed=2)[0].levels
    with pytest.raises(DataError, match="Received: 'sesame'"):
        recognizer.encode([Utterance(levels, "sesame")])
    with pytest.raises(DataError, match=r"Received: 3 words in 0\.32 seconds"):
        recognizer.encode([Utterance(levels[:32], "one one one")])
    recognizer.encode([Utterance(levels[:33], "one one one")])
    with pytest.raises(DataError, match="at least one word"):
        SpeechRecognizer.build([Utterance(levels, " ")])
    with pytest.raises(DataError, match=r"shape \(T, 40\). Received: \(7, 3\)"):
        recognizer.transcribe([np.zeros((7, 3), np.uint8)])


def written(folder, texts):
    rows = ["file,text"]
    for number, text in enumerate(texts):
        write_wav(folder / f"{number}.wav", np.random.default_rng(number).normal(size=8_000) * 0.1)
        rows.append(f"{number}.wav,{text}")
    (folder / "mine.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder / "mine.csv"


def test_each_word_of_a_file_is_learned(tmp_path):
    path = written(tmp_path, ["a b", "a", "b", "c", "a c", "b c", "a b c", "c", "d"])
    for seed in range(5):
        splits = SpeechData(file=path).load(seed)
        assert {word for utterance in splits.train for word in utterance.text.split()} == set("abcd")
        assert splits.validation and splits.test and sum(map(len, splits)) == 9


def test_a_file_of_words_that_come_once_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"at least 6 recordings, .* Received: 6 recordings, 0 of them"):
        SpeechData(file=written(tmp_path, "abcdef")).load(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_model_understands_voices_that_it_has_never_heard(shipped, language):
    drawn = draw_utterances(40, seed=77, split="test", languages=(language,), noise_share=0)
    heard = shipped.transcribe([utterance.levels for utterance in drawn], language=language)
    assert word_error_rate([transcript.text for transcript in heard], [utterance.text for utterance in drawn]) < 0.1
    assert {transcript.language for transcript in heard} <= {language, ""}


def test_a_text_has_words_of_one_language(shipped):
    """The most probable words one by one may be those of several."""
    for transcript in shipped.transcribe(
        [utterance.levels for utterance in draw_utterances(30, seed=5, split="stylized")]
    ):
        words = {word for kind in ("digits", "commands") for word in language_words(transcript.language or "en", kind)}
        assert set(transcript.text.split()) <= words


def test_given_language_has_the_probability_among_its_words(shipped):
    (levels,) = [
        utterance.levels for utterance in draw_utterances(1, seed=6, split="test", languages=("ko",), noise_share=0)
    ]
    (anything,), (korean,) = shipped.transcribe([levels]), shipped.transcribe([levels], language="ko")
    assert korean.language == "ko" and korean.probability >= anything.probability - 1e-6
    with pytest.raises(DataError, match="Unknown language"):
        shipped.transcribe([levels], language="de")


def test_model_of_recordings_without_languages_knows_one_group_of_words(tmp_path):
    model = SpeechRecognizer.build([Utterance(np.full((40, 40), 9, np.uint8), "oui 위")], filters=4, units=4)
    assert model.languages == [] and model.transcribe([np.full((40, 40), 9, np.uint8)])[0].language == ""
    with pytest.raises(DataError, match="knows no languages"):
        model.transcribe([np.full((40, 40), 9, np.uint8)], language="ko")


def sounds():
    """Return sounds without speech of three seconds, by name."""
    random, seconds = np.random.default_rng(0), np.arange(3 * RATE) / RATE
    white = random.normal(size=len(seconds))
    brown = np.cumsum(white) - np.convolve(np.cumsum(white), np.ones(400) / 400, "same")
    return {
        "white": white,
        "brown": brown,
        "faint": 1e-3 * white,
        "tone": np.sin(2 * np.pi * 440 * seconds),
        "hum": np.sign(np.sin(2 * np.pi * 50 * seconds)) + 0.01 * white,
        "sweep": np.sin(2 * np.pi * (200 + 400 * seconds) * seconds),
        "clicks": (random.random(len(seconds)) < 3e-4) + 1e-3 * white,
        "chord": sum(np.sin(2 * np.pi * hertz * seconds) for hertz in (262, 330, 392)) * (seconds % 0.5 < 0.4),
    }


@pytest.mark.parametrize("name", sounds())
def test_noise_is_no_text_that_is_sure(shipped, name):
    """A gliding tone, which moves as a formant does, was a word with more than one half."""
    sound = sounds()[name]
    (transcript,) = shipped.transcribe([loudness_levels(log_mel(0.3 * sound / np.abs(sound).max()))])
    assert not transcript.sure
    assert not transcript.text or transcript.probability < 0.5


@pytest.mark.parametrize("kinds", NONSPEECH.values(), ids=NONSPEECH)
def test_sounds_that_are_no_speech_are_hardly_ever_words(shipped, kinds):
    """Those of the test are of kinds that no training has, so the rule was learned and not the sounds."""
    heard = shipped.transcribe(draw_nonspeech(45, 3, kinds))
    assert np.mean([transcript.sure for transcript in heard]) <= 0.05
