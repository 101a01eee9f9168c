"""Models of tasks that have the same class of network: each task refuses those of the others."""

import pytest

from dlseq.errors import ModelFileError
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.tasks.captioning.captioner import Captioner
from dlseq.tasks.dates.normalization import DateNormalizer
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.translation.translator import Translator
from dlseq.training.saving import load_network

TASKS = {"dates-world": DateNormalizer, "translation-fr-en": Translator, "captioning-scenes": Captioner}


@pytest.mark.parametrize("name", TASKS)
def test_a_task_accepts_its_own_networks_alone(name):
    network = load_network(pretrained(name), EncoderDecoder)
    assert [task.accepts(network) for task in TASKS.values()] == [task is TASKS[name] for task in TASKS.values()]


def test_a_model_of_another_task_is_refused_on_loading():
    """`dlseq caption picture.png --model dates.keras` said that the picture was damaged."""
    with pytest.raises(ModelFileError, match=r"expected a model of Captioner\. Received: one of another task"):
        Captioner.load(pretrained("dates-world"))
