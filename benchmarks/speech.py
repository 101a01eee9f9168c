"""Word error rate of the shipped model on synthetic voices that it has never heard, beside nearest templates.

    python benchmarks/speech.py

Model and rival are told the language, unless a column says otherwise. The rival is dynamic time warping to the words of
all voices of training, in any order and number; its cost of a word is chosen on the voices of validation. With
espeak-ng installed, strings that a voice has spoken as a whole are tested too: all others are made of single words.
"""

import shutil
import time

import numpy as np
from report import Table, argument_parser, write_json

from dlseq.startup import import_keras

PENALTIES = (50, 100, 150, 200, 300, 450)
EVERY = 2  # frames of a template
NOISES = 300


def main() -> None:
    """Print the word error rates of model and rival by language, and on longer strings."""
    parser = argument_parser("Word error rate on synthetic voices against nearest templates.")
    parser.add_argument("--utterances", type=int, default=200, help="number of utterances of each test")
    parser.add_argument("--rival", type=int, default=60, help="number of utterances of each test of the rival")
    parser.add_argument("--seed", type=int, default=11)
    arguments = parser.parse_args()
    import_keras()
    from dlseq.data.speech import LANGUAGES, draw_utterances
    from dlseq.tasks.pretrained import pretrained
    from dlseq.tasks.speech.recognition import SpeechRecognizer

    model = SpeechRecognizer.load(pretrained("speech-words"))
    rivals = {code: best_templates(arguments.seed, code) for code in LANGUAGES}
    tests = {
        "digits and commands": {},
        "strings of 2 to 5 digits": {"digit_share": 1.0},
        "strings of 8 digits": {"digit_share": 1.0, "digits": (8, 8)},
        "one to three commands": {"digit_share": 0.0},
        "digits and commands, stylized voices": {"split": "stylized"},
    }
    figures = {}
    for name, options in tests.items():
        options = {"split": "test", "noise_share": 0.0, **options}
        for code, language in LANGUAGES.items():
            drawn = draw_utterances(arguments.utterances, arguments.seed, languages=(code,), **options)
            start = time.process_time()
            levels = [one.levels for one in drawn]
            heard = [one.text for one in model.transcribe(levels, language=code)]
            seconds = (time.process_time() - start) / len(drawn)
            few = drawn[: arguments.rival]
            matched = [rivals[code].recognize(one.levels[::EVERY]) for one in few]
            figures[f"{name}, {language}"] = {
                "model": rate(heard, drawn),
                "any language": rate([one.text for one in model.transcribe(levels)], drawn),
                "templates": rate(matched, few),
                "seconds": seconds,
            }
    figures |= whole_strings(model, arguments.seed)
    noises = model.transcribe([one.levels for one in draw_utterances(NOISES, arguments.seed, "test", noise_share=1.0)])

    milliseconds = 1000 * np.mean([row["seconds"] for row in figures.values() if "seconds" in row])
    table = Table(
        "Word error rate, synthetic voices never heard", ["utterances", "model", "language not given", "templates"]
    )
    for name, row in figures.items():
        table.add(name, *(f"{row[part]:.1%}" if part in row else "" for part in ("model", "any language", "templates")))
    some, sure = (float(np.mean(found)) for found in ([bool(one.text) for one in noises], [one.sure for one in noises]))
    table.print(
        f"{arguments.utterances} utterances each, {arguments.rival} of them for the rival. Of {NOISES} noises, "
        f"{some:.1%} are heard as words, {sure:.1%} surely. The model takes {milliseconds:.0f} CPU "
        "milliseconds for an utterance."
    )
    write_json(arguments.json, {**figures, "noise": {"words": some, "sure": sure}})


def rate(heard, drawn) -> float:
    """Return the word error rate."""
    from dlseq.metrics import word_error_rate

    return word_error_rate(heard, [one.text for one in drawn])


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
    rates = [rate([rival.recognize(one.levels[::EVERY]) for one in drawn], drawn) for rival in rivals]
    print(
        "Templates, word error rate by cost of a word:", dict(zip(PENALTIES, np.round(rates, 3).tolist(), strict=True))
    )
    return rivals[int(np.argmin(rates))]


def whole_strings(model, seed) -> dict:
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
        heard = [one.text for one in model.transcribe([one.levels for one in spoken], language=code)]
        figures[f"strings of 2 to 5 digits spoken as a whole, {language}"] = {"model": rate(heard, spoken)}
    return figures


if __name__ == "__main__":
    main()
