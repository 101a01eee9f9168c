"""Small trained models of the tasks, made once per session."""

import pytest

from dlseq.data.clips import draw_clips
from dlseq.data.dna import draw_dna
from dlseq.data.entities import tagged_texts
from dlseq.data.music import load_chorales
from dlseq.data.reviews import reviews
from dlseq.data.scenes import draw_questions, draw_scenes
from dlseq.data.speech import draw_utterances
from dlseq.data.translations import translation_pairs
from dlseq.tasks.activities.recognition import ActivityRecognizer
from dlseq.tasks.captioning.captioner import Captioner
from dlseq.tasks.entities.recognition import EntityRecognizer
from dlseq.tasks.genes.finding import GeneFinder
from dlseq.tasks.music.generation import MelodyGenerator
from dlseq.tasks.names.generation import NameGenerator
from dlseq.tasks.questions.answering import QuestionAnswerer
from dlseq.tasks.sentiment.classification import SentimentClassifier
from dlseq.tasks.speech.recognition import SpeechRecognizer
from dlseq.tasks.translation.translator import Translator
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


@pytest.fixture(scope="session")
def trained_melody_generator():
    """A small generator of melodies: the model, its score before training, and the training run."""
    melodies = load_chorales()[:40]
    model = MelodyGenerator.build(melodies, seed=3, embedding_units=16, units=24)
    before = model.score(melodies)
    return model, before, model.fit(melodies, melodies, TrainingConfig(epochs=6, batch_size=8, learning_rate=0.02))


@pytest.fixture(scope="session")
def trained_recognizer():
    """A small entity recognizer: the model, its score before training, and the training run."""
    texts = tagged_texts(150, locales=["en_US"], seed=1)
    model = EntityRecognizer.build(texts, seed=3, units=12, bidirectional=False)
    before = model.score(texts)
    return model, before, model.fit(texts, texts[:50], TrainingConfig(epochs=6, batch_size=15, learning_rate=0.02))


@pytest.fixture(scope="session")
def trained_classifier():
    """A small sentiment classifier: the model, its score before training, and the training run."""
    examples = reviews(150, seed=1)
    model = SentimentClassifier.build(examples, seed=3, units=12, bidirectional=False)
    before = model.score(examples)
    config = TrainingConfig(epochs=8, batch_size=15, learning_rate=0.02)
    return model, before, model.fit(examples, examples[:50], config)


@pytest.fixture(scope="session")
def trained_translator():
    """A small translator that learns 40 sentences by heart: the model, its score before, and the training run."""
    pairs = translation_pairs(40, "fr", seed=1, max_words=6)
    model = Translator.build(pairs, units=24, decoder_units=64, keep_embedding=True, seed=3)
    before = model.score(pairs)
    return model, before, model.fit(pairs, pairs, TrainingConfig(epochs=15, batch_size=5, learning_rate=0.02))


@pytest.fixture(scope="session")
def trained_captioner():
    """A small captioner that learns 30 scenes by heart: the model, its score before, and the training run."""
    scenes = draw_scenes(30, seed=1)
    sizes = {"filters": (12, 24), "strides": (4, 2), "units": 24, "decoder_units": 48}
    model = Captioner.build(scenes, language="en", seed=3, **sizes)
    before = model.score(scenes)
    return model, before, model.fit(scenes, scenes, TrainingConfig(epochs=30, batch_size=5, learning_rate=0.01))


@pytest.fixture(scope="session")
def trained_recognizer_of_activities():
    """A small recognizer of activities: the model, its score before training, and the training run."""
    clips = draw_clips(60, seed=1)
    model = ActivityRecognizer.build(clips, seed=3, filters=[6, 8], units=24, keypoints=8, dropout=0.0)
    before = model.score(clips)
    return model, before, model.fit(clips, clips, TrainingConfig(epochs=14, batch_size=10, learning_rate=0.02))


@pytest.fixture(scope="session")
def trained_finder():
    """A small finder of genes: the model, its score before training, and the training run."""
    sequences = draw_dna(60, seed=1, max_bases=900)
    model = GeneFinder.build(sequences, seed=3, filters=16, units=12, word_bases=4, dropout=0.0)
    before = model.score(sequences)
    return model, before, model.fit(sequences, sequences, TrainingConfig(epochs=8, batch_size=4, learning_rate=0.02))


@pytest.fixture(scope="session")
def trained_answerer():
    """A small model of visual questions that learns 60 by heart: the model, its score before, and the training run."""
    questions = draw_questions(60, seed=1)
    sizes = {"filters": (12, 24), "strides": (4, 2), "units": 16, "embedding_units": 16}
    model = QuestionAnswerer.build(questions, seed=3, **sizes)
    before = model.score(questions)
    return model, before, model.fit(questions, questions, TrainingConfig(epochs=40, batch_size=5, learning_rate=0.01))


@pytest.fixture(scope="session")
def trained_recognizer_of_speech():
    """A small recognizer of single digits: the model, its score before training, and the training run."""
    utterances = draw_utterances(60, seed=1, languages=("en",), digits=(1, 1), digit_share=1.0, noise_share=0.0)
    model = SpeechRecognizer.build(utterances, seed=3, filters=12, units=12, dropout=0.0)
    before = model.score(utterances)
    return model, before, model.fit(utterances, utterances, TrainingConfig(epochs=12, batch_size=6, learning_rate=0.01))
