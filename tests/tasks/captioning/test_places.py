"""Places of things in a grid: owners, labels of the first stage, and where to look for each word."""

import keras
import numpy as np
import pytest

from dlseq.data.scenes import Scene, Thing, draw_scenes, sprite_names
from dlseq.data.scenes.languages import render
from dlseq.errors import DlseqError
from dlseq.metrics import pointing_hits
from dlseq.tasks.captioning import stages
from dlseq.tasks.captioning.captioner import Captioner
from dlseq.tasks.captioning.files import CaptionedImage
from dlseq.tasks.captioning.places import PLACE_CLASSES, place_labels, place_owners, word_positions
from dlseq.tasks.captioning.stages import learn_places, places_path
from dlseq.training.config import TrainingConfig
from dlseq.training.progress_bar import TrainingProgress

TINY = {"filters": [4, 8], "strides": [8, 1], "units": 8, "context_layers": 1, "decoder_units": 8}


def scene_of(*things, caption="a cat sitting on a chair"):
    words = tuple(caption.split())
    return Scene(np.zeros((64, 64, 3), np.uint8), words, (None,) * len(words), things)


CHAIR = Thing("chair", "furniture", (16, 24, 40, 56), "big")
CAT = Thing("cat", "animal", (18, 10, 38, 34), "medium")


def test_the_thing_in_front_owns_the_places_of_both():
    """By hand: centers at 4, 12, 20, ... The cat holds rows 1 to 3, the chair rows 3 to 6, columns 2 to 4."""
    owners = place_owners(scene_of(CHAIR, CAT), (8, 8))
    expected = np.full((8, 8), -1)
    expected[3:7, 2:5] = 0
    expected[1:4, 2:5] = 1
    np.testing.assert_array_equal(owners, expected)


def test_a_thing_between_all_centers_has_the_place_of_its_own_center():
    owners = place_owners(scene_of(Thing("cat", "animal", (37, 5, 43, 11), "small"), caption="a small cat"), (8, 8))
    assert np.argwhere(owners == 0).tolist() == [[1, 5]]


def test_labels_say_name_size_number_order_and_relations():
    labels = {name: grid.reshape(8, 8) for name, grid in place_labels([scene_of(CHAIR, CAT)], (8, 8)).items()}
    assert {name: int(grid[0, 0]) for name, grid in labels.items()} == dict.fromkeys(PLACE_CLASSES, 0)
    names = sprite_names()
    found = {name: (int(grid[5, 2]), int(grid[1, 2])) for name, grid in labels.items()}  # chair, cat
    assert found["name"] == (1 + names.index("chair"), 1 + names.index("cat"))
    assert found["size"] == (3, 2) and found["count"] == (1, 1) and found["order"] == (2, 1)
    assert found["vertical"][0] == found["vertical"][1] > 1 and found["horizontal"] == (1, 1)


def test_labels_are_within_their_classes():
    labels = place_labels(draw_scenes(60, seed=2), (8, 8))
    for name, count in PLACE_CLASSES.items():
        assert labels[name].shape == (60, 64, 1) and labels[name].max() < count
    assert labels["count"].max() == 4 and labels["order"].max() == 4


def test_words_look_at_what_they_name_or_at_what_comes_next():
    [row] = word_positions([scene_of(CHAIR, CAT)], (8, 8), 8)
    cat, chair = 1 + 2 * 8 + 3, 1 + 4 * 8 + 3
    assert row[0] == row[1] == cat  # "a", "cat"
    assert row[2] == row[4] == row[5] == row[6] == chair  # "sitting", "a", "chair", the end
    assert row[7] == 0


@pytest.mark.parametrize("language", ["en", "ko"])
def test_words_point_into_the_box_of_their_thing(language):
    scenes = draw_scenes(80, seed=4, language=language)
    positions = word_positions(scenes, (8, 8), 24)
    for scene, row in zip(scenes, positions, strict=True):
        assert tuple(word for word, _ in render(scene.statement, language)) == scene.caption
        assert np.count_nonzero(row) == len(scene.caption) + 1
        for place, region in zip(row, scene.regions, strict=False):
            if region is not None:
                grid = np.eye(64)[place - 1].reshape(1, 8, 8)
                assert pointing_hits(grid, np.array([region]), 64)[0]


def test_the_first_stage_has_a_bar_on_the_console_of_the_run_and_three_fifths_of_its_time(monkeypatch):
    """A bar on a console of its own left that of the run with the status "Preparing the data" below it."""
    called = {}

    def fit(network, train, validation, config, **options):
        called.update(config=config, **options)

    monkeypatch.setattr(stages, "fit", fit)
    scenes, bar = draw_scenes(3, seed=1), TrainingProgress("scenes", {})
    encoder = Captioner.build(scenes, **TINY).network.encoder
    config = TrainingConfig(seconds=10, seed=7, epochs=9)
    learn_places(
        encoder, encoder.grid_shape, scenes, scenes, config, epochs=2, callbacks=[keras.callbacks.History(), bar]
    )
    assert [shown.console for shown in called["callbacks"]] == [bar.console]
    found = called["config"]
    assert (found.seconds, found.seed, found.epochs) == (6.0, 7, 2)


@pytest.mark.slow
def test_the_first_stage_changes_the_encoder_and_is_not_repeated(tmp_path):
    scenes = draw_scenes(8, seed=1)
    captioner = Captioner.build(scenes, seed=1, feeding="aligned", guidance=1.0, place_epochs=2, **TINY)
    encoder, path = captioner.network.encoder, places_path(tmp_path / "mine.checkpoint.keras")
    before = encoder.get_weights()
    arguments = encoder, encoder.grid_shape, scenes, scenes[:2], TrainingConfig(seed=1)
    run = learn_places(*arguments, epochs=2, checkpoint=path)
    after = encoder.get_weights()
    assert len(run.history["loss"]) == 2 and path.exists()
    assert all(not np.array_equal(*pair) for pair in zip(before, after, strict=True) if pair[0].size > 1)
    encoder.set_weights(before)
    again = learn_places(*arguments, epochs=2, checkpoint=path, resume=True)
    assert again.history == {} or "loss" not in again.history
    for found, expected in zip(encoder.get_weights(), after, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.slow
def test_captions_train_the_decoder_alone_after_a_fixed_encoder_has_learned_places(tmp_path):
    scenes = draw_scenes(12, seed=1)
    sizes = {**TINY, "feeding": "aligned", "guidance": 1.0, "place_epochs": 1, "fixed_encoder": True, "joint_epochs": 1}
    captioner = Captioner.build(scenes, seed=1, **sizes)
    encoder, decoder = captioner.network.encoder, captioner.network.decoder
    config, checkpoint = TrainingConfig(epochs=1, batch_size=4), tmp_path / "mine.checkpoint.keras"
    captioner.first_stage(scenes, scenes, config, checkpoint=checkpoint)
    learned, before = encoder.get_weights(), decoder.get_weights()
    memory = np.asarray(encoder(captioner.pixels([scene.image for scene in scenes])))
    np.testing.assert_allclose(captioner.encode(scenes)[0]["memory"], memory, atol=2e-3, rtol=2e-3)  # float16
    captioner.fit(scenes, scenes, config, checkpoint=checkpoint, resume=True)  # the first stage is done
    for found, expected in zip(encoder.get_weights(), learned, strict=True):
        np.testing.assert_array_equal(found, expected)
    assert any(not np.array_equal(*pair) for pair in zip(before, decoder.get_weights(), strict=True))
    captioner.save(tmp_path / "mine.keras")
    images = [scene.image for scene in scenes]
    again = Captioner.load(tmp_path / "mine.keras").caption(images)
    assert [caption.words for caption in again] == [caption.words for caption in captioner.caption(images)]


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"joint_epochs": 1, "fixed_encoder": True}, r"`place_epochs` and `fixed_encoder` with `joint_epochs`"),
        ({"joint_epochs": 1, "place_epochs": 1}, r"Received: place_epochs=1, joint_epochs=1, fixed_encoder=False"),
        ({"fixed_encoder": True}, r"trained before it is fixed: by `place_epochs`"),
        ({"fixed_encoder": True, "place_epochs": 1, "whole_image": True}, r"joint_epochs=0, whole_image=True"),
    ],
)
def test_an_encoder_is_not_fixed_before_it_is_trained(sizes, message):
    with pytest.raises(DlseqError, match=message):
        Captioner.build(draw_scenes(3, seed=1), **{**TINY, "context_layers": 0, **sizes})


def test_images_of_a_file_cannot_be_told_where_to_look():
    examples = [CaptionedImage(scene.image, scene.caption) for scene in draw_scenes(3, seed=1)]
    captioner = Captioner.build(examples, feeding="aligned", guidance=1.0, **TINY)
    with pytest.raises(DlseqError, match=r"an image of a file at position 0\. Train without `guidance`"):
        captioner.encode(examples)
