"""Properties of every task: training, interruption, resumption, saving and loading.

A new task adds a `Case` to `CASES`; its own test file then tests its verb and its data only.
"""

import dataclasses
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from dlseq.data.clips import Clip, draw_clips, stabilize, write_clips
from dlseq.data.dates import DatePair, date_pairs
from dlseq.data.dna import DnaSequence, draw_dna, write_fasta, write_gff
from dlseq.data.entities import TaggedText, tagged_texts
from dlseq.data.music import Melody, load_chorales
from dlseq.data.reviews import Review, reviews
from dlseq.data.scenes import draw_questions, draw_scenes, write_scenes
from dlseq.data.speech import Utterance, draw_utterances, write_wav
from dlseq.data.translations import TranslationPair, translation_pairs
from dlseq.errors import DataError, DlseqError, ModelFileError
from dlseq.tasks.captioning.files import CaptionedImage
from dlseq.tasks.registry import TASKS, find_preset, load_task, presets_of
from dlseq.tasks.training import train
from dlseq.training.checkpoint import best_path
from dlseq.training.config import TrainingConfig
from dlseq.training.saving import load_network

NAMES = ["anna", "hanna", "nana", "johanna", "ann", "hans", "johann", "jan", "jana", "hannah", "joan", "nan"]
UTTERANCES = draw_utterances(60, seed=1, languages=("en",), digits=(1, 1), digit_share=1.0, noise_share=0.0)
QUESTIONS = draw_questions(45, seed=1)
EPOCHS = 6
INTERRUPTED_AFTER = 3


@dataclasses.dataclass(frozen=True)
class Case:
    """A task with small data and sizes.

    Args:
        task: Name in the registry.
        trained: Fixture with a trained model, its score before training, and its training run.
        examples: Examples to train on; the first ones validate too.
        invalid: Examples that cannot be encoded.
        sizes: Arguments of `build`, with dropout.
        batch_size: Examples per step.
        outputs: Function of a model that returns JSON data which depends on all weights.
        options: Function of a folder that returns options of `find_preset` for a small preset.
        loss_ratio: Upper bound of the last loss of `trained` by its first.
        min_gain: Lower bound of its gain in score, negative where less is better.
        score: Name of the score that training monitors.
        is_slow: Whether its tests run in the second step: names stand for the base class in the first.
    """

    task: str
    trained: str
    examples: list
    invalid: list
    sizes: dict
    batch_size: int
    outputs: Callable[[Any], Any]
    options: Callable[[Any], dict]
    loss_ratio: float
    min_gain: float
    score: str
    is_slow: bool = False

    @property
    def task_class(self):
        return load_task(self.task)

    def fit(self, model=None, **arguments):
        """Train a small model and return it with its run."""
        model = model or self.task_class.build(self.examples, seed=5, **self.sizes)
        names = {"checkpoint", "resume", "callbacks"} & set(arguments)
        settings = {"epochs": EPOCHS, "batch_size": self.batch_size, "learning_rate": 0.02, "seed": 2}
        settings |= {name: value for name, value in arguments.items() if name not in names}
        others = {name: arguments[name] for name in names}
        return model, model.fit(self.examples, self.examples[:50], TrainingConfig(**settings), **others)


def steady_clips(count):
    """Clips by a camera that does not move: a score stabilizes its clips, and the metric of training does not."""
    clips = draw_clips(count, seed=1)
    frames = stabilize(np.stack([clip.frames for clip in clips]))
    return [dataclasses.replace(clip, frames=steady) for clip, steady in zip(clips, frames, strict=True)]


def activity_outputs(model):
    return model.recognize([clip.frames for clip in draw_clips(3, seed=2)])[1].probabilities.tolist()


def activity_file(folder):
    path = write_clips(folder / "clips", draw_clips(24, seed=1))
    return {"file": path}


def gene_outputs(model):
    [found] = model.find(draw_dna(1, seed=2))
    return [[*found.coding[:60].ravel().tolist()], [each.probability for each in found.genes]]


def gene_file(folder):
    sequences = draw_dna(60, seed=1, max_bases=700)
    write_gff(folder / "mine.gff3", sequences)
    return {"file": write_fasta(folder / "mine.fasta", sequences)}


def date_outputs(model):
    texts = ["3 may 1979", "saturday 20 july 1991", "5/4/09 🙂"]
    return [[reading.iso, reading.probability] for reading in model.read(texts)]


def name_outputs(model):
    return [model.log_probs(["anna", "joé"]).tolist(), model.generate(6, "h", seed=3).log_probs.tolist()]


def music_outputs(model):
    drawn = model.generate("minor", 2, seed=3, max_notes=8)
    return [
        model.log_probs(load_chorales()[:3]).tolist(),
        [drawn.log_prob, *(note.ticks for note in drawn.melody.notes)],
    ]


def melody_file(folder):
    rows = [f"G major\t{' '.join(map(str, melody.in_key(7).notes[:12]))}" for melody in load_chorales()[:40]]
    (folder / "mine.tsv").write_text("\n".join(["key\tnotes", *rows]), encoding="utf-8")
    return {"file": folder / "mine.tsv"}


def date_file(folder):
    rows = dict.fromkeys(f"{pair.text},{pair.iso}" for pair in date_pairs(70, "course", seed=1))
    (folder / "dates.csv").write_text("\n".join(["text,iso", *rows]), encoding="utf-8")
    return {"name": "course", "file": folder / "dates.csv"}


def name_file(folder):
    (folder / "names.txt").write_text("\n".join(["Otto", "Ottilie", *NAMES]), encoding="utf-8")
    return {"name": "dinosaurs", "file": folder / "names.txt", "lower": True}


def entity_outputs(model):
    log_probs = [
        [entity.start, entity.end, entity.probability]
        for entity in model.find(["Ada met Bo on 3 May 2021"])[0].entities
    ]
    return [*log_probs, list(model.score(tagged_texts(20, "names", seed=2)).values())]


def sentiment_outputs(model):
    return [[*reading.probabilities, *(word.weight for word in reading.words)] for reading in model.read(["Not bad."])]


def entity_file(folder):
    rows = [f"Ada B-PER\nKing I-PER\nmet O\nBo{number} B-PER\nin O\nRome B-LOC\n" for number in range(40)]
    (folder / "mine.conll").write_text("\n".join(rows), encoding="utf-8")
    return {"file": folder / "mine.conll"}


def review_file(folder):
    rows = [f'"{review.text}",{review.stars}' for review in reviews(60, seed=1)]
    (folder / "mine.csv").write_text("\n".join(["text,stars", *rows]), encoding="utf-8")
    return {"file": folder / "mine.csv"}


def translation_outputs(model):
    translations = model.translate(["Jane visite l'Afrique.", "Zoé dort"], beam_width=2)
    return [[len(translation.target_words), translation.probability] for translation in translations]


def question_outputs(model):
    answers = model.answer([q.scene.image for q in QUESTIONS[:4]], [q.text for q in QUESTIONS[:4]])
    return [[answer.text, answer.probability, *answer.looks[1].ravel().tolist()] for answer in answers]


def speech_outputs(model):
    heard = model.transcribe([utterance.levels for utterance in UTTERANCES[:3]])
    return [
        [transcript.probability, len(transcript.words), *(chance for _, chance in transcript.alternatives)]
        for transcript in heard
    ]


def speech_file(folder):
    rows = ["file,text"]
    for number in range(24):
        sound = np.sin(np.cumsum(np.random.default_rng(number).uniform(0.1, 0.4, 6_000)))
        write_wav(folder / f"{number}.wav", sound)
        rows.append(f"{number}.wav,{['up', 'down', 'left'][number % 3]}")
    (folder / "mine.csv").write_text("\n".join(rows), encoding="utf-8")
    return {"file": folder / "mine.csv"}


def translation_file(folder):
    rows = [f"{pair.target}\t{pair.source}" for pair in translation_pairs(60, "fr", seed=1, max_words=6)]
    (folder / "pairs.tsv").write_text("\n".join(rows), encoding="utf-8")
    return {"file": folder / "pairs.tsv"}


def caption_outputs(model):
    captions = model.caption([scene.image for scene in draw_scenes(2, seed=3)], beam_width=2)
    return [[len(caption.words), caption.probability, *caption.attention.ravel().tolist()] for caption in captions]


def caption_file(folder):
    return {"file": write_scenes(folder / "scenes", draw_scenes(60, seed=1))}


CASES = [
    Case(
        task="dates",
        trained="trained_normalizer",
        examples=date_pairs(120, "course", split="train", seed=1),
        invalid=[DatePair(" ", "1979-05-03", "", "")],
        sizes={"units": 8, "decoder_units": 8, "dropout": 0.3},
        batch_size=30,
        outputs=date_outputs,
        options=date_file,
        loss_ratio=0.5,
        min_gain=0.02,
        score="exact_match",
        is_slow=True,
    ),
    Case(
        task="names",
        trained="trained_generator",
        examples=NAMES,
        invalid=["anna", " "],
        sizes={"embedding_units": 6, "units": 12, "dropout": 0.5},
        batch_size=3,
        outputs=name_outputs,
        options=name_file,
        loss_ratio=0.8,
        min_gain=-0.3,
        score="nats_per_character",
    ),
    Case(
        task="entities",
        trained="trained_recognizer",
        examples=tagged_texts(90, locales=["en_US"], seed=1),
        invalid=[TaggedText(" ", ())],
        sizes={"units": 4, "embedding_units": 4, "dropout": 0.3, "unknown_rate": 0.2, "bidirectional": False},
        batch_size=30,
        outputs=entity_outputs,
        options=entity_file,
        loss_ratio=0.6,
        min_gain=-0.2,
        score="nats_per_tag",
        is_slow=True,
    ),
    Case(
        task="activities",
        trained="trained_recognizer_of_activities",
        examples=steady_clips(60),
        invalid=[Clip(np.zeros((12, 32, 32, 3), np.uint8), " ")],
        sizes={"filters": [4, 4], "units": 6, "keypoints": 4, "jitter": 0.1, "dropout": 0.3},
        batch_size=20,
        outputs=activity_outputs,
        options=activity_file,
        loss_ratio=0.9,
        min_gain=0.1,
        score="exact_match",
        is_slow=True,
    ),
    Case(
        task="speech",
        trained="trained_recognizer_of_speech",
        examples=UTTERANCES,
        invalid=[Utterance(np.zeros((0, 40), np.uint8), "one")],
        sizes={"filters": 6, "units": 6, "dropout": 0.3},
        batch_size=20,
        outputs=speech_outputs,
        options=speech_file,
        loss_ratio=0.7,
        min_gain=-0.5,
        score="nats_per_utterance",
        is_slow=True,
    ),
    Case(
        task="translation",
        trained="trained_translator",
        examples=translation_pairs(40, "fr", seed=1, max_words=6),
        invalid=[TranslationPair(" ", "He sleeps.")],
        sizes={"units": 8, "recurrent_units": 4, "decoder_units": 8, "dropout": 0.3},
        batch_size=10,
        outputs=translation_outputs,
        options=translation_file,
        loss_ratio=0.5,
        min_gain=0.1,
        score="exact_match",
        is_slow=True,
    ),
    Case(
        task="genes",
        trained="trained_finder",
        examples=draw_dna(60, seed=1, max_bases=900),
        invalid=[DnaSequence("empty", "")],
        sizes={"filters": 4, "units": 4, "word_bases": 3, "word_units": 4, "dropout": 0.3},
        batch_size=20,
        outputs=gene_outputs,
        options=gene_file,
        loss_ratio=0.6,
        min_gain=-0.5,
        score="nats_per_base",
        is_slow=True,
    ),
    Case(
        task="questions",
        trained="trained_answerer",
        examples=QUESTIONS,
        invalid=[dataclasses.replace(QUESTIONS[0], words=())],
        sizes={"units": 6, "embedding_units": 6, "filters": [4], "strides": [8], "jitter": 0.1, "dropout": 0.3},
        batch_size=5,
        outputs=question_outputs,
        options=lambda folder: {"examples": 60},
        loss_ratio=0.6,
        min_gain=0.2,
        score="exact_match",
        is_slow=True,
    ),
    Case(
        task="sentiment",
        trained="trained_classifier",
        examples=reviews(90, seed=1),
        invalid=[Review(" ", 3)],
        sizes={"units": 4, "embedding_units": 4, "dropout": 0.3, "unknown_rate": 0.1, "bidirectional": False},
        batch_size=30,
        outputs=sentiment_outputs,
        options=review_file,
        loss_ratio=0.9,
        min_gain=0.1,
        score="exact_match",
        is_slow=True,
    ),
    Case(
        task="captioning",
        trained="trained_captioner",
        examples=draw_scenes(30, seed=1),
        invalid=[CaptionedImage(np.zeros((64, 64, 3), np.uint8), ())],
        sizes={
            "decoder_units": 8,
            "units": 8,
            "filters": [4, 8],
            "strides": [8, 1],
            "jitter": 0.2,
            "dropout": 0.3,
            "sprites": 40,
        },
        batch_size=10,
        outputs=caption_outputs,
        options=caption_file,
        loss_ratio=0.5,
        min_gain=0.1,
        score="exact_match",
        is_slow=True,
    ),
    Case(
        task="music",
        trained="trained_melody_generator",
        examples=load_chorales()[:40],
        invalid=[Melody("silence", 0, "major", ())],
        sizes={"units": 8, "embedding_units": 4, "dropout": 0.3},
        batch_size=10,
        outputs=music_outputs,
        options=melody_file,
        loss_ratio=0.9,
        min_gain=-0.1,
        score="nats_per_note",
        is_slow=True,
    ),
]


PARAMETERS = [pytest.param(case, marks=[pytest.mark.slow] * case.is_slow, id=case.task) for case in CASES]
FITS = [parameter for parameter in PARAMETERS if parameter.id in ("names", "captioning")]  # without and with two stages


@pytest.fixture(scope="module", params=PARAMETERS)
def case(request):
    return request.param


@pytest.fixture(scope="module")
def trained(case, request):
    """A trained model, its score before training, and its training run."""
    return request.getfixturevalue(case.trained)


@pytest.fixture(scope="module")
def uninterrupted(case, tmp_path_factory):
    """A run to its end: the model, the run and the checkpoint."""
    checkpoint = tmp_path_factory.mktemp("whole") / "run.keras"
    return *case.fit(checkpoint=checkpoint), checkpoint


@pytest.fixture(scope="module")
def interrupted(case, tmp_path_factory):
    """A run that Ctrl-C ends: the model, the run and the checkpoint."""
    checkpoint = tmp_path_factory.mktemp("part") / "run.keras"
    return *case.fit(checkpoint=checkpoint, callbacks=[Interrupt(INTERRUPTED_AFTER)]), checkpoint


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C within the epoch that follows some epochs."""

    def __init__(self, after):
        super().__init__()
        self.after = after

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.epoch == self.after:
            signal.raise_signal(signal.SIGINT)


def assert_equal_weights(first, second):
    for ours, theirs in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def assert_has_best_epoch(case, model, run):
    """The score on the validation examples is the best one that was logged."""
    logged = run.history[model.monitor]
    best = min(logged) if model.mode == "min" else max(logged)
    assert logged[run.best_epoch - 1] == best
    score = model.score(case.examples[:50])[case.score]
    assert score == pytest.approx(best, abs=1e-4)


def test_every_task_has_a_case():
    assert {case.task for case in CASES} == set(TASKS)


# training


def test_training_lowers_the_loss_and_improves_the_score(case, trained, course_pairs):
    model, before, run = trained
    examples = course_pairs[1] if case.task == "dates" else case.examples
    after, before = model.score(examples)[case.score], before[case.score]
    assert run.stopped == "finished"
    assert run.history["loss"][-1] < case.loss_ratio * run.history["loss"][0]
    assert (after - before) / case.min_gain > 1


def test_ctrl_c_keeps_the_best_epoch(case, interrupted):
    model, run, _ = interrupted
    assert run.stopped == "interrupted"
    assert len(run.history["loss"]) == INTERRUPTED_AFTER
    assert_has_best_epoch(case, model, run)


def test_the_same_seed_gives_the_same_losses(interrupted, uninterrupted):
    expected = uninterrupted[1].history["loss"][:INTERRUPTED_AFTER]
    np.testing.assert_allclose(interrupted[1].history["loss"], expected, rtol=1e-5)


def test_a_resumed_run_ends_as_an_uninterrupted_one(case, interrupted, uninterrupted, tmp_path):
    """Dropout, the order of batches, the optimizer and the choice of the best epoch continue."""
    path = tmp_path / "run.keras"
    for source, target in ((interrupted[2], path), (best_path(interrupted[2]), best_path(path))):
        target.write_bytes(source.read_bytes())
    expected, whole, checkpoint = uninterrupted
    resumed, rest = case.fit(checkpoint=path, resume=True)
    np.testing.assert_allclose(rest.history["loss"], whole.history["loss"][INTERRUPTED_AFTER:], rtol=1e-4)
    assert rest.best_epoch == whole.best_epoch
    assert_equal_weights(resumed.network, expected.network)
    last = [load_network(file, case.task_class.network_class) for file in (path, checkpoint)]
    assert_equal_weights(*last)


def test_resuming_with_other_sizes_is_refused(case, interrupted):
    size = next(iter(case.sizes))
    other = case.task_class.build(case.examples, **(case.sizes | {size: 2 * case.sizes[size]}))
    with pytest.raises(ModelFileError, match="same sizes and vocabularies"):
        case.fit(other, checkpoint=interrupted[2], resume=True)


@pytest.mark.parametrize("case", FITS, indirect=True)
@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"seconds": 0.0}, "time"),
        pytest.param({"patience": 1, "learning_rate": 3.0, "epochs": 30}, "patience", marks=pytest.mark.slow),
    ],
)
def test_a_limit_ends_a_run_and_keeps_the_best_epoch(case, settings, reason):
    model, run = case.fit(**settings)
    assert run.stopped == reason
    assert len(run.history["loss"]) < 30
    assert_has_best_epoch(case, model, run)


def test_without_examples_nothing_is_built_or_trained(case, trained):
    model = trained[0]
    with pytest.raises(DataError, match="at least one example to train on"):
        model.fit([], case.examples)
    with pytest.raises(DataError, match="at least one example to validate on"):
        model.fit(case.examples, [])
    with pytest.raises(DataError, match="at least one example to build"):
        case.task_class.build([])


def test_an_example_that_cannot_be_encoded_is_refused(case, trained):
    with pytest.raises(DataError, match=r"Received: an empty (text|melody|one)"):
        trained[0].fit(case.invalid, case.examples)


# from a preset to files


def small_preset(case, folder):
    """A preset of two short epochs, the files of its data, and the path of its model."""
    options = case.options(folder)
    given = set(folder.iterdir())
    preset = find_preset(case.task, **options, training={"epochs": 2, "seed": 4, "batch_size": 5})
    return dataclasses.replace(preset, sizes=case.sizes), given, folder / "model.keras"


def test_a_preset_becomes_a_tested_model_with_its_score_beside_it(case, tmp_path):
    preset, given, out = small_preset(case, tmp_path)
    trained = train(case.task_class, preset, out=out, command="dlseq train …")
    assert trained.run.stopped == "finished"
    assert set(tmp_path.iterdir()) == given | {out, out.with_suffix(".json")}

    loaded = case.task_class.load(out)
    assert_equal_weights(loaded.network, trained.model.network)
    score = trained.model.score(trained.splits.test)
    report = json.loads(out.with_suffix(".json").read_text())
    assert {name: report[name] for name in score} == pytest.approx(score, abs=1e-4)
    assert report["tested"] == len(trained.splits.test)
    assert report["preset"] == preset.name
    assert report["command"] == "dlseq train …"
    assert report["training"]["seed"] == 4
    assert report["sizes"] == case.sizes
    assert json.loads(json.dumps(loaded.network.metadata)).items() >= report.items()
    assert str(tmp_path) not in json.dumps(report)


@pytest.mark.parametrize("case", FITS, indirect=True)
def test_an_interrupted_preset_is_resumed_and_leaves_no_checkpoint(case, tmp_path):
    preset, given, out = small_preset(case, tmp_path)
    first = train(case.task_class, preset, out=out, callbacks=[Interrupt(1)])
    assert first.run.stopped == "interrupted"
    assert (tmp_path / "model.checkpoint.keras").exists()
    trained = train(case.task_class, preset, out=out, resume=True)
    assert trained.run.stopped == "finished"
    assert len(trained.run.history["loss"]) == 1
    assert set(tmp_path.iterdir()) == given | {out, out.with_suffix(".json")}
    assert_equal_weights(case.task_class.load(out).network, trained.model.network)


def test_a_place_that_cannot_be_written_is_refused_before_training(case, tmp_path):
    with pytest.raises(DlseqError, match="does not exist"):
        train(case.task_class, find_preset(case.task), out=tmp_path / "missing" / "model.keras")


def test_presets_have_names_and_fit_their_network(case):
    for name, preset in presets_of(case.task).items():
        assert preset.name == name
        assert case.task_class.build(case.examples, **preset.sizes).network.count_params() > 0


# saving and loading


@pytest.fixture(scope="module")
def saved_file(case, trained, tmp_path_factory):
    """The file of the trained model, alone in its folder."""
    path = tmp_path_factory.mktemp("saved") / f"{case.task}.keras"
    trained[0].save(path)
    assert list(path.parent.iterdir()) == [path]
    return path


@pytest.fixture(scope="module")
def fresh_outputs(tmp_path_factory, request):
    """Outputs of the trained models of all tasks after one fresh process has loaded them, by task."""
    folder = tmp_path_factory.mktemp("models")
    paths = {case.task: str(folder / f"{case.task}.keras") for case in CASES}
    for case in CASES:
        request.getfixturevalue(case.trained)[0].save(paths[case.task])
    program = (
        "import importlib.util, json, sys\n"
        "from dlseq.tasks.registry import load_task\n"
        "spec = importlib.util.spec_from_file_location('cases', sys.argv[1])\n"
        "models = {task: load_task(task).load(path) for task, path in json.loads(sys.argv[2]).items()}\n"
        "cases = importlib.util.module_from_spec(spec); sys.modules['cases'] = cases; spec.loader.exec_module(cases)\n"
        "print(json.dumps({case.task: case.outputs(models[case.task]) for case in cases.CASES}))\n"
    )
    arguments = [__file__, json.dumps(paths)]
    run = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


@pytest.mark.slow
def test_a_saved_model_is_the_same_in_a_fresh_process(case, trained, fresh_outputs):
    for ours, theirs in zip(case.outputs(trained[0]), fresh_outputs[case.task], strict=True):
        assert ours == pytest.approx(theirs, abs=1e-4)


def test_a_saved_model_leaves_the_optimizer_behind(trained, saved_file):
    assert saved_file.stat().st_size < 4 * trained[0].network.count_params() + 100_000


def test_files_of_another_kind_are_refused(case, saved_file, tmp_path):
    missing, notes, damaged, other = (tmp_path / f"{name}.keras" for name in ("missing", "notes", "damaged", "other"))
    notes.write_text("my notes")
    damaged.write_bytes(saved_file.read_bytes()[:-5000])
    keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)]).save(other)
    for path, message in (
        (missing, "no such file"),
        (notes, "expected a .keras file that dlseq has saved"),
        (damaged, "expected a .keras file that dlseq has saved"),
        (other, rf"class {case.task_class.network_class.__name__}( or \w+)?\. Received: Sequential"),
    ):
        with pytest.raises(ModelFileError, match=message):
            case.task_class.load(path)


def test_saving_to_a_bad_place_leaves_nothing_behind(trained, tmp_path):
    with pytest.raises(ModelFileError, match=r"ends in \.keras"):
        trained[0].save(tmp_path / "model.h5")
    with pytest.raises(DlseqError, match="does not exist"):
        trained[0].save(tmp_path / "missing" / "model.keras")
    assert list(tmp_path.iterdir()) == []
