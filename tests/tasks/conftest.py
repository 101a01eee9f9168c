"""Small trained models of both tasks, made once per session."""

import pytest

from dlseq.tasks.name_generation import NameGenerator
from dlseq.training.config import TrainingConfig

NAMES = ["anna", "hanna", "nana", "johanna", "ann", "hans", "johann", "jan", "jana", "hannah", "joan", "nan"]
NAME_SIZES = {"embedding_units": 6, "units": 12}


@pytest.fixture(scope="session")
def trained_generator():
    """A small name generator with two LSTMs: the model, its score before training, and the training run."""
    model = NameGenerator.build(NAMES, seed=3, depth=2, **NAME_SIZES)
    before = model.score(NAMES)
    return model, before, model.fit(NAMES, NAMES, TrainingConfig(epochs=12, batch_size=4, learning_rate=0.02))


@pytest.fixture(scope="session")
def generator(trained_generator):
    """The model of `trained_generator`."""
    return trained_generator[0]
