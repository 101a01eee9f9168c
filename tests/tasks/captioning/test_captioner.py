"""The captioner: the words, probability and attention of a caption, its two stages, the baseline, files of a user."""

import numpy as np
import pytest
from PIL import Image

from dlseq.data.scenes import caption_text, draw_scenes, is_right, write_scenes
from dlseq.errors import DataError, DlseqError
from dlseq.tasks.captioning.captioner import Captioner
from dlseq.tasks.captioning.files import load_captioned_images
from dlseq.tasks.captioning.presets import CaptionData
from dlseq.tasks.image_task import learn_sprites
from dlseq.training.config import TrainingConfig

TINY = {"filters": (4, 8), "strides": (8, 1), "units": 8, "decoder_units": 8}
SCENES = draw_scenes(12, seed=1)


@pytest.fixture(scope="module")
def tiny():
    """A captioner that is not trained."""
    return Captioner.build(SCENES, seed=1, language="en", **TINY)


# captions


@pytest.mark.slow
def test_a_scene_that_is_known_by_heart_is_captioned_right_and_for_sure(trained_captioner):
    captioner = trained_captioner[0]
    scenes = draw_scenes(30, seed=1)
    images = [scene.image for scene in scenes]
    captions = captioner.caption(images, views=1)  # it knows these pixels, not those of a moved picture
    right = [caption.words == scene.caption for caption, scene in zip(captions, scenes, strict=True)]
    assert np.mean(right) > 0.5
    for caption, is_known, scene in zip(captions, right, scenes, strict=True):
        assert caption.text == caption_text(caption.words, "en")
        assert caption.is_sure == (caption.probability >= 0.5)
        if is_known:
            assert is_right(scene, caption.words) and caption.is_complete
    score = captioner.score(scenes)
    right = [caption.words == scene.caption for caption, scene in zip(captioner.caption(images), scenes, strict=True)]
    assert score["exact_match"] == np.mean(right) <= score["right_share"]


@pytest.mark.parametrize("views", [1, 5])
def test_probability_and_attention_are_the_means_of_the_network_over_the_views(tiny, views):
    """The oracle moves the image by itself and reads the caption that was found, with teacher forcing."""
    captions = tiny.caption([scene.image for scene in SCENES[:3]], views=views)
    for caption, scene in zip(captions, SCENES, strict=False):
        ids = tiny.network.target_vocabulary.encode_rows([caption.words], eos=caption.is_complete)
        moved = [(0, 0), (2, 1), (-1, 2), (-2, -1), (1, -2)][:views]
        rows, columns = (np.clip(np.arange(64) - np.array(moved)[:, axis, None], 0, 63) for axis in (0, 1))
        images = np.stack([scene.image[down][:, right] for down, right in zip(rows, columns, strict=True)])
        inputs = {"source": images, "target": np.repeat(ids, views, axis=0)}
        logits, weights = tiny.network(inputs, return_attention_scores=True)
        chances = np.exp(np.asarray(logits, np.float64))
        chances = (chances / chances.sum(axis=2, keepdims=True)).mean(axis=0)
        assert caption.probability == pytest.approx(chances[np.arange(len(ids[0])), ids[0]].prod(), rel=1e-3)
        assert caption.attention.shape == (len(caption.words), 8, 8)
        weights = np.asarray(weights).mean(axis=0)[: len(caption.words)]
        np.testing.assert_allclose(caption.attention.reshape(-1, 64), weights, atol=1e-5)
        np.testing.assert_array_equal(caption.image, scene.image)


@pytest.mark.parametrize("views", [0, 6])
def test_a_number_of_views_out_of_range_is_refused(tiny, views):
    with pytest.raises(DataError, match="from 1 to 5"):
        tiny.caption([SCENES[0].image], views=views)


@pytest.mark.slow
def test_many_images_have_the_captions_of_each_alone(tiny):
    images = [scene.image for scene in SCENES]
    for options in ({}, {"beam_width": 3}):
        together = tiny.caption(images, **options)
        for image, caption in zip(images[:3], together, strict=False):
            [alone] = tiny.caption([image], **options)
            assert alone.words == caption.words
            assert alone.probability == pytest.approx(caption.probability, rel=1e-3)
            np.testing.assert_allclose(alone.attention, caption.attention, atol=1e-5)


def test_a_beam_is_at_least_as_probable_and_has_alternatives(tiny):
    images = [scene.image for scene in SCENES[:3]]
    for greedy, beam in zip(tiny.caption(images), tiny.caption(images, beam_width=4), strict=True):
        assert beam.probability >= greedy.probability * (1 - 1e-4)
        chances = [beam.probability, *(chance for _, chance in beam.alternatives)]
        assert len(beam.alternatives) == 3 and chances == sorted(chances, reverse=True)


def test_korean_captions_are_written_with_their_particles():
    scenes = draw_scenes(3, seed=2, language="ko")
    captioner = Captioner.build(scenes, language="ko", **TINY)
    [caption] = captioner.caption([scenes[0].image])
    assert caption.text == caption_text(caption.words, "ko")


def test_an_image_of_another_size_is_refused(tiny):
    with pytest.raises(DataError, match=r"position 1. Expected pixels of shape \(64, 64, 3\). Received: \(32, 32, 3\)"):
        tiny.caption([SCENES[0].image, SCENES[1].image[::2, ::2]])
    assert tiny.caption([]) == []


def test_files_are_read_in_the_size_of_the_network(tiny, tmp_path):
    Image.fromarray(SCENES[0].image).save(tmp_path / "scene.png")
    np.testing.assert_array_equal(tiny.read(tmp_path / "scene.png"), SCENES[0].image)
    Image.new("RGB", (500, 300)).save(tmp_path / "large.jpg")
    assert tiny.read(tmp_path / "large.jpg").shape == (64, 64, 3)


# without attention


def test_the_whole_image_model_has_no_map_to_show():
    captioner = Captioner.build(SCENES, whole_image=True, reduced_units=4, **TINY)
    [caption] = captioner.caption([SCENES[0].image])
    assert caption.attention is None
    with pytest.raises(DlseqError, match="Received: no attention"):
        caption.example()


# two stages


@pytest.mark.slow
def test_single_drawings_are_learned_in_the_first_stage(tiny):
    features = Captioner.build(SCENES, seed=2, **TINY).network.encoder.features
    before = features.get_weights()
    run = learn_sprites(features, 256, TrainingConfig(seed=1))
    assert run.stopped == "finished" and run.history["loss"][-1] < run.history["loss"][0]
    assert any(not np.array_equal(*pair) for pair in zip(before, features.get_weights(), strict=True))


@pytest.mark.slow
def test_the_first_stage_has_two_fifths_of_a_time_limit():
    features = Captioner.build(SCENES, **TINY).network.encoder.features
    assert learn_sprites(features, 64, TrainingConfig(seconds=0.0)).stopped == "time"


# data


def test_scenes_of_a_preset_are_different_in_each_part():
    splits = CaptionData("ko", examples=40).load(seed=3)
    assert [len(part) for part in splits] == [40, 4, 4]
    pictures = [{scene.image.tobytes() for scene in part} for part in splits]
    assert not pictures[0] & pictures[1] and not pictures[0] & pictures[2] and not pictures[1] & pictures[2]
    assert splits.train[0].language == "ko"


def test_no_image_of_a_file_is_in_two_parts(tmp_path):
    path = write_scenes(tmp_path / "mine", draw_scenes(40, seed=1))
    rows = path.read_text().splitlines()
    path.write_text("\n".join([rows[0], *(f"{row}\n{row.split(',')[0]},Another  one." for row in rows[1:])]))
    splits = load_captioned_images(path, 32)
    assert [len(part) for part in splits] == [64, 8, 8]
    pictures = [{example.image.tobytes() for example in part} for part in splits]
    assert not pictures[0] & pictures[1] and not pictures[0] & pictures[2] and not pictures[1] & pictures[2]
    assert splits.train[0].image.shape == (32, 32, 3) and splits.train[1].caption == ("another", "one")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["a.png,a dog"], "at least 3 different images"),
        (["a.png,a dog", "b.png,a dog", "c.png,..."], "Expected words as a caption of c.png"),
        (["a.png,a dog", "b.png,a dog", "d.png,a dog"], "Cannot read image .*d.png"),
    ],
)
def test_images_and_captions_that_cannot_be_used_are_refused(tmp_path, rows, message):
    for name in "abc":
        Image.new("RGB", (8, 8)).save(tmp_path / f"{name}.png")
    (tmp_path / "d.png").write_text("no image")
    (tmp_path / "mine.csv").write_text("\n".join(["file,caption", *rows]))
    with pytest.raises(DataError, match=message):
        load_captioned_images(tmp_path / "mine.csv", 8)


def test_the_preset_file_needs_a_file():
    with pytest.raises(DataError, match="Give one with --data"):
        CaptionData(None).load(seed=0)
