"""Tests of the first stage of training of tasks that read images."""

import pytest

from dlseq.data.scenes import draw_scenes
from dlseq.tasks import image_task
from dlseq.tasks.captioning.captioner import Captioner
from dlseq.training.config import TrainingConfig, TrainingRun

SCENES = draw_scenes(8, seed=1)


@pytest.mark.parametrize(
    ("sprites", "stopped", "stages"), [(0, "finished", 1), (9, "finished", 2), (9, "interrupted", 1)]
)
def test_features_learn_single_drawings_first(monkeypatch, sprites, stopped, stages):
    """An interrupted first stage ends the run, a network built without `sprites` has none.

    A limit of 50 seconds was one of 70: the second stage had all of it again.
    """
    done = []

    def first(features, count, config, callbacks):
        done.append((features, count))
        return TrainingRun({}, 4.0, stopped, None)

    def second(task, train, validation, config, **options):
        done.append(config)
        return TrainingRun({}, 5.0, "finished", 1)

    monkeypatch.setattr(image_task, "learn_sprites", first)
    monkeypatch.setattr(image_task.Task, "fit", second)
    captioner = Captioner.build(SCENES, seed=1, filters=[4], strides=[8], units=6, sprites=sprites)
    run = captioner.fit(SCENES, SCENES, TrainingConfig(epochs=1, seconds=10))
    assert len(done) == stages and run.seconds == {1: 4.0 if sprites else 5.0, 2: 9.0}[stages]
    if stages == 2:
        assert done[1] == TrainingConfig(epochs=1, seconds=6.0)  # what the first stage has left of the limit
    if sprites:
        assert done[0] == (captioner.image_features, 9)
