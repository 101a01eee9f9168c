"""Word error rates of the shipped models on synthetic voices that they have never heard, beside nearest templates.

    python benchmarks/speech.py

Models, by CTC and by attention, and rival are told the language, unless a column says otherwise. Two voices were moved
out of the test after a first model had done badly on them; a row has the voices of the test with these two among them.
The rival is dynamic time warping to the words of all voices of training, in any order and number; its cost of a word is
chosen on the voices of validation. With espeak-ng installed, strings that a voice has spoken as a whole are tested too:
all others are made of single words.
"""

import shutil
import time

import numpy as np
from report import Table, argument_parser, write_json

from dlseq.startup import import_keras

PENALTIES = (50, 100, 150, 200, 300, 450)
EVERY = 2  # frames of a template
NOISES = 100
ALL_VOICES = "digits and commands, stylized voices among the others"
STYLIZED_SHARE = 4  # one utterance of the two stylized voices for so many of the other eight


def main() -> None:
    """Print word error rates by language, on longer strings and by voice, and how often other sounds are words."""
    parser = argument_parser("Word error rate on synthetic voices against nearest templates.")
    parser.add_argument("--utterances", type=int, default=200, help="number of utterances of each test")
    parser.add_argument("--rival", type=int, default=60, help="number of them for the rival, 0 for none")
    parser.add_argument("--seed", type=int, default=11)
    arguments = parser.parse_args()
    import_keras()
    from dlseq.data.speech import LANGUAGES, draw_utterances
    from dlseq.tasks.pretrained import pretrained
    from dlseq.tasks.speech.recognition import SpeechRecognizer

    models = {"CTC": SpeechRecognizer.load(pretrained("speech-words"))}
    models["attention"] = SpeechRecognizer.load(pretrained("speech-attention"))
    rivals = {code: best_templates(arguments.seed, code) for code in LANGUAGES} if arguments.rival else {}
    tests = {
        "digits and commands": {},
        ALL_VOICES: {},
        "digits and commands, stylized voices": {"split": "stylized"},
        "strings of 2 to 5 digits": {"digit_share": 1.0},
        "strings of 8 digits": {"digit_share": 1.0, "digits": (8, 8)},
        "one to three commands": {"digit_share": 0.0},
    }
    figures, voices = {}, {}
    for name, options in tests.items():
        options = {"split": "test", "noise_share": 0.0, **options}
        for code, language in LANGUAGES.items():
            drawn = draw_utterances(arguments.utterances, arguments.seed, languages=(code,), **options)
            if name == ALL_VOICES:
                more = {**options, "split": "stylized"}
                drawn += draw_utterances(len(drawn) // STYLIZED_SHARE, arguments.seed, languages=(code,), **more)
            row = figures[f"{name}, {language}"] = errors(models, drawn, code, voices)
            if name == "digits and commands":
                heard = [
                    transcript.text
                    for transcript in models["CTC"].transcribe([utterance.levels for utterance in drawn])
                ]
                row["CTC, language not given"] = rate(heard, drawn)
            if name != ALL_VOICES and rivals:
                few = drawn[: arguments.rival]
                row["templates"] = rate([rivals[code].recognize(utterance.levels[::EVERY]) for utterance in few], few)
    figures |= whole_strings(models, arguments.seed)

    columns = ["CTC", "attention", "CTC, language not given", "templates"]
    table = Table("Word error rate, synthetic voices never heard", ["utterances", *columns])
    for name, row in figures.items():
        table.add(name, *(f"{row[part]:.1%}" if part in row else "" for part in columns))
    milliseconds = 1000 * np.mean([row["seconds"] for row in figures.values() if "seconds" in row])
    table.print(
        f"{arguments.utterances} utterances each, {arguments.rival} of them for the rival. The model with CTC takes "
        f"{milliseconds:.0f} CPU milliseconds for an utterance."
    )
    table = Table("Word error rate by voice, all tests and languages", ["voice", *models])
    by_voice = {voice: {name: rate(*pair) for name, pair in rows.items()} for voice, rows in sorted(voices.items())}
    for voice, row in by_voice.items():
        table.add(voice, *(f"{row[name]:.1%}" for name in models))
    table.print()
    sounds = no_speech(models, arguments.seed)
    table = Table(
        "Sounds that are no speech, heard as words and surely so",
        ["sound", "in training", *(f"{name}, {part}" for name in models for part in ("any word", "surely"))],
    )
    for name, row in sounds.items():
        table.add(name, row["in training"], *(f"{share:.1%}" for model in models for share in row[model]))
    table.print(f"{NOISES} sounds of each kind.")
    write_json(arguments.json, {"errors": figures, "voices": by_voice, "no speech": sounds})


def errors(models, drawn, code, voices) -> dict:
    """Return the word error rate of each model, with the CPU seconds of CTC, and add the texts to those of voices."""
    levels, row = [utterance.levels for utterance in drawn], {}
    for name, model in models.items():
        start = time.process_time()
        heard = [transcript.text for transcript in model.transcribe(levels, language=code)]
        row.setdefault("seconds", (time.process_time() - start) / len(drawn))
        row[name] = rate(heard, drawn)
        for utterance, text in zip(drawn, heard, strict=True):
            texts, utterances = voices.setdefault(utterance.voice, {}).setdefault(name, ([], []))
            texts.append(text)
            utterances.append(utterance)
    return row


def no_speech(models, seed) -> dict:
    """Return the shares of sounds without speech that are heard as words, and as words with at least three quarters."""
    from dlseq.data.speech import NONSPEECH, draw_nonspeech, loudness_levels
    from dlseq.data.speech.augmentation import noise

    random = np.random.default_rng(seed)
    drawn = {"noise": ("yes", [loudness_levels(noise(int(random.uniform(30, 300)), random)) for _ in range(NOISES)])}
    for split, kinds in NONSPEECH.items():
        for kind in kinds:
            drawn[kind] = ("yes" if split == "train" else "no", draw_nonspeech(NOISES, seed, (kind,)))
    figures = {}
    for kind, (trained, levels) in drawn.items():
        figures[kind] = {"in training": trained}
        for name, model in models.items():
            heard = model.transcribe(levels)
            figures[kind][name] = [
                float(np.mean([bool(transcript.text) for transcript in heard])),
                float(np.mean([transcript.sure for transcript in heard])),
            ]
    return figures


def rate(heard, drawn) -> float:
    """Return the word error rate."""
    from dlseq.metrics import word_error_rate

    return word_error_rate(heard, [utterance.text for utterance in drawn])


def best_templates(seed, code):
    """Return the recognizer of templates of a language whose cost of a word is best on voices of validation."""
    from dlseq.baselines.templates import TemplateRecognizer
    from dlseq.data.speech import draw_utterances, language_words, recorded_word, voice_names

    templates, words = [], []
    for voice in voice_names("train"):
        for word in language_words(code, "digits") + language_words(code, "commands"):
            templates.append(recorded_word(voice, code, word)[::EVERY])
            words.append(word)
    drawn = draw_utterances(60, seed, "validation", languages=(code,), noise_share=0.0)
    rivals = [TemplateRecognizer(templates, words, penalty) for penalty in PENALTIES]
    rates = [rate([rival.recognize(utterance.levels[::EVERY]) for utterance in drawn], drawn) for rival in rivals]
    print(
        "Templates, word error rate by cost of a word:", dict(zip(PENALTIES, np.round(rates, 3).tolist(), strict=True))
    )
    return rivals[int(np.argmin(rates))]


def whole_strings(models, seed) -> dict:
    """Return figures on strings of digits that voices of the test have spoken as a whole, if espeak-ng is installed."""
    if shutil.which("espeak-ng") is None:
        return {}
    from dlseq.data.speech import LANGUAGES, Utterance, language_words, log_mel, loudness_levels
    from dlseq.data.speech.make_recordings import speak
    from dlseq.data.speech.voices import voices

    random, figures = np.random.default_rng(seed), {}
    for code, language in LANGUAGES.items():
        spoken = []
        for voice in [voice for voice in voices() if voice.split == "test"]:
            for _ in range(5):
                text = " ".join(random.choice(language_words(code, "digits"), random.integers(2, 6)))
                sound = speak(text.replace(" ", ", "), voice, code)
                sound = sound + 1e-3 * random.normal(size=len(sound))
                spoken.append(Utterance(loudness_levels(log_mel(sound)), text, voice.name, code))
        levels = [utterance.levels for utterance in spoken]
        figures[f"strings of 2 to 5 digits spoken as a whole, {language}"] = {
            name: rate([transcript.text for transcript in model.transcribe(levels, language=code)], spoken)
            for name, model in models.items()
        }
    return figures


if __name__ == "__main__":
    main()
