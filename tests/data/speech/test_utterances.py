"""Recorded words, their changes at random, and utterances."""

import dataclasses

import numpy as np
import pytest

from dlseq.data.speech import (
    BANDS,
    CLEAN,
    LANGUAGES,
    Augmentation,
    draw_utterances,
    language_words,
    log_mel,
    loudness_levels,
    read_speech_csv,
    recorded_word,
    voice_names,
    write_wav,
)
from dlseq.data.speech.augmentation import (
    OWN_VOICE,
    TELEPHONE_BAND,
    add_noise,
    bent,
    degrade,
    echo,
    noise,
    stretch,
    warp_bands,
)
from dlseq.errors import DataError

SPLITS = ("train", "validation", "test", "stylized")


def at_equal_length(levels, frames=20):
    return stretch(levels.astype(float), len(levels) / frames)


@pytest.mark.parametrize("language", LANGUAGES)
def test_voices_of_the_test_are_heard_nowhere_else(language):
    """No name is in two parts, and no sound: names of espeak-ng share sounds, and some accents ignore the voice."""
    names = {split: voice_names(split) for split in SPLITS}
    assert len({name for part in names.values() for name in part}) == sum(map(len, names.values())) == 57
    words = language_words(language, "digits")
    sounds = {
        name: np.array([at_equal_length(recorded_word(name, language, word)) for word in words])
        for part in names.values()
        for name in part
    }
    others = names["train"] + names["validation"]
    held_out = names["test"] + names["stylized"]
    nearest = {name: min(np.abs(sounds[name] - sounds[other]).mean() for other in others) for name in held_out}
    assert min(nearest.values()) > 4, nearest


def test_each_voice_has_said_each_word():
    for language in LANGUAGES:
        for word in language_words(language, "digits") + language_words(language, "commands"):
            for voice in voice_names("test"):
                levels = recorded_word(voice, language, word)
                assert levels.shape[1] == BANDS and 10 < len(levels) < 140
                assert levels.max() == 80


def test_a_seed_gives_the_same_utterances_and_another_gives_others():
    first, again, other = draw_utterances(8, seed=1), draw_utterances(8, seed=1), draw_utterances(8, seed=2)
    assert (
        [utterance.text for utterance in first]
        == [utterance.text for utterance in again]
        != [utterance.text for utterance in other]
    )
    assert all((utterance.levels == same.levels).all() for utterance, same in zip(first, again, strict=True))


@pytest.mark.parametrize("split", ["train", "test", "stylized"])
def test_utterances_are_of_voices_of_their_part(split):
    spoken = [utterance for utterance in draw_utterances(60, seed=0, split=split) if utterance.text]
    assert {utterance.voice for utterance in spoken} <= set(voice_names(split))
    assert {utterance.language for utterance in spoken} == set(LANGUAGES)


def test_strings_of_digits_have_the_wanted_lengths():
    drawn = draw_utterances(40, seed=0, languages=("fr",), digits=(2, 3), digit_share=1, noise_share=0)
    assert {len(utterance.text.split()) for utterance in drawn} == {2, 3}
    assert {word for utterance in drawn for word in utterance.text.split()} == set(language_words("fr", "digits"))


def test_utterances_without_changes_contain_the_recorded_words():
    """The first word is found at one place with its levels, up to how it was rounded and faint noise."""
    utterance = draw_utterances(1, seed=3, split="test", digit_share=1, noise_share=0, augmentation=CLEAN)[0]
    word = recorded_word(utterance.voice, utterance.language, utterance.text.split()[0]).astype(float)
    loud = word > 30
    distances = [
        np.abs(utterance.levels[start : start + len(word)] - word)[loud].mean()
        for start in range(min(60, len(utterance.levels) - len(word)))
    ]
    assert min(distances) < 6 and sorted(distances)[1] > min(distances)


def test_connected_words_have_no_pause_between_them():
    ranges = dataclasses.replace(CLEAN, connected=1.0)
    drawn = draw_utterances(20, seed=0, digits=(4, 4), digit_share=1, noise_share=0, augmentation=ranges)
    for utterance in drawn:
        loud = np.flatnonzero((utterance.levels > 25).any(axis=1))
        assert np.diff(loud).max() < 20  # a closure within a word, at most
    apart = draw_utterances(20, seed=0, digits=(4, 4), digit_share=1, noise_share=0, augmentation=CLEAN)
    assert sum(len(utterance.levels) for utterance in drawn) < 0.8 * sum(len(utterance.levels) for utterance in apart)


def test_noise_alone_has_no_text():
    drawn = draw_utterances(20, seed=0, noise_share=1)
    assert all(utterance.text == "" and utterance.voice == "" and utterance.levels.max() == 80 for utterance in drawn)


def test_an_unknown_part_and_language_are_refused():
    with pytest.raises(DataError, match="Received: dev"):
        draw_utterances(1, seed=0, split="dev")
    with pytest.raises(DataError, match=r"Expected a language of en, fr, ko, .* Received: de, digits"):
        draw_utterances(1, seed=0, languages=("de",), digit_share=1, noise_share=0)


def test_speed_changes_the_number_of_frames_and_keeps_the_ends():
    rows = np.random.default_rng(0).normal(size=(40, 3))
    assert len(stretch(rows, 2)) == 20 and len(stretch(rows, 0.5)) == 80
    assert len(stretch(rows, 1.5)) == 27  # 26.7: the nearest number
    np.testing.assert_allclose(stretch(rows, 0.7)[[0, -1]], rows[[0, -1]])
    np.testing.assert_allclose(stretch(rows, 1.0), rows)
    assert stretch(rows[:1], 1.2).shape == (1, 3)


def test_a_longer_vocal_tract_moves_a_formant_down():
    rows = np.zeros((1, 40))
    rows[0, 20] = 50
    assert warp_bands(rows, 0.9)[0].argmax() == 18
    assert warp_bands(rows, 1.1)[0].argmax() == 22
    np.testing.assert_allclose(warp_bands(rows, 1.0), rows)


def test_formants_move_apart_by_a_factor_for_each_band():
    rows = np.zeros((1, 40))
    rows[0, [10, 30]] = 50
    moved = warp_bands(rows, np.linspace(1.2, 0.8, 40))[0]
    assert moved[:20].argmax() == 11 and 20 + moved[20:].argmax() == 28
    curve = bent(-2, 3, np.random.default_rng(0))
    assert curve.shape == (BANDS,) and curve.min() >= -2 and curve.max() <= 3 and np.ptp(curve) > 1


def test_noise_has_the_wanted_distance_to_speech():
    speech = np.full((50, 4), -20.0)
    speech[20] = 0.0
    mixed = add_noise(speech, np.full((50, 4), 5.0), 10.0)
    assert mixed[0, 0] == pytest.approx(10 * np.log10(10**-2 + 10**-1))
    assert mixed[20, 0] == pytest.approx(10 * np.log10(1 + 10**-1))


def test_echo_dies_away_by_half():
    rows = np.full((10, 1), -200.0)
    rows[0] = 0.0
    found = 10 ** (echo(rows, frames=2, share=0.5) / 10)
    assert found[0] == pytest.approx(1)
    assert found[2] == pytest.approx(0.5 * 0.5)  # the share, halved once in two frames
    np.testing.assert_allclose(found[3:, 0] / found[1:-2, 0], 0.5, rtol=1e-6)


def test_a_telephone_has_no_high_frequencies():
    telephone = dataclasses.replace(CLEAN, telephone=1.0)
    levels = degrade(np.zeros((20, BANDS)), telephone, np.random.default_rng(0))
    assert (levels[:, TELEPHONE_BAND:] == 0).all() and (levels[:, :TELEPHONE_BAND] > 70).all()


def test_noise_of_a_narrow_band_fluctuates_more():
    """The energy of `n` pairs of Gaussian numbers has `10 / log(10) * sqrt(trigamma(n))` decibels of deviation."""
    drawn = [noise(400, np.random.default_rng(seed)) for seed in range(40)]
    fluctuation = np.median([np.diff(sound, axis=0).std(axis=0) for sound in drawn], axis=0) / np.sqrt(2)
    for band, pairs in ((0, 1.0), (18, 4.0), (36, 7.0)):
        trigamma = np.sum(1 / (np.arange(100_000) + pairs) ** 2)
        assert fluctuation[band] == pytest.approx(10 / np.log(10) * np.sqrt(trigamma), rel=0.1)


def test_noise_is_of_many_kinds():
    drawn = [noise(60, np.random.default_rng(seed)) for seed in range(20)]
    assert all(np.isfinite(utterance).all() and utterance.shape == (60, BANDS) for utterance in drawn)
    assert np.std([utterance.mean() for utterance in drawn]) > 2


def test_recordings_of_a_csv_file(tmp_path):
    sound = np.random.default_rng(0).normal(size=8_000) * 0.1
    write_wav(tmp_path / "a.wav", sound)
    (tmp_path / "speech.csv").write_text("file,text\na.wav,one two\n", encoding="utf-8")
    [utterance] = read_speech_csv(tmp_path / "speech.csv")
    assert utterance.text == "one two"
    assert np.abs(utterance.levels.astype(int) - loudness_levels(log_mel(sound))).max() <= 1


def test_far_voices_are_of_training_alone_and_unlike_their_own():
    """Formants of a third above or a sixth below their place, where other utterances stay within a seventh."""
    clean = dataclasses.replace(CLEAN, far=1.0)
    options = {"digit_share": 1, "noise_share": 0, "digits": (1, 1), "languages": ("en",)}
    far, near = (draw_utterances(40, 0, augmentation=ranges, **options) for ranges in (clean, CLEAN))

    def change(utterance):
        own = recorded_word(utterance.voice, "en", utterance.text).astype(float).mean(axis=0)
        loud = utterance.levels[utterance.levels.max(axis=1) > 50].astype(float).mean(axis=0)
        return np.abs(loud - loud.mean() - own + own.mean()).mean()

    assert np.median([change(utterance) for utterance in far]) > 2 * np.median(
        [change(utterance) for utterance in near]
    )
    assert Augmentation().far > 0 and OWN_VOICE.far == 0
