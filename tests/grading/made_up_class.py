"""Generated results of a class of any size, drawn from a seed, and results full of hostile text."""

import math
import random

from dlseq.course.exercises import EXERCISES
from dlseq.course.layout import find_course
from dlseq.course.stubs import graded_functions
from dlseq.grading.results import ExerciseResult, Identity, Person, SubmissionResult, TestResult

FIRST = ["Ada", "Grace", "Alan", "Emmy", "Edsger", "Barbara", "Hedy", "Évariste", "小明", "Łukasz", "Zoë", "Ngũgĩ"]
LAST = ["Lovelace", "Hopper", "Turing", "Noether", "Dijkstra", "Liskov", "Galois", "王", "Łoś", "Brontë", "Thiong'o"]
MAX_FUNCTIONS = 6  # of an exercise
PROPERTIES = [
    "The state travels from one step to the next.",
    "Each mark is a word of its own where punctuation is kept.",
    "Padding receives no weight, and a row of nothing but padding gets zeros.",
    "The weights of a step sum to one over the input.",
    "Odd shapes are treated by the same rules: one column, one step, wide and long.",
    "The input is left as it was.",
]
HINTS = [
    "The softmax belongs over the input steps, axis 1, not over the batch.",
    "Start from a0, not from zeros: the caller says where the state begins.",
    "Work on a copy: the caller still needs its own.",
    "Look at what happens to words that the vocabulary does not know.",
    "",
]
MESSAGES = {
    "failed": [
        "y_pred is wrong in 24 of 60 values: y_pred[0, 3, 1] is 0.18243, expected 0.5",
        "a has shape (5, 10)",
    ],
    "error": [
        "{function} raised IndexError: index 10 is out of bounds with size 10",
        "{function} is missing",
    ],
    "timeout": ["{function} did not come to an end within 10 seconds"],
    "not started": ["{function} is not started"],
}
CASES = ["", "[one column]", "[one step]", "[wide]", "[long]"]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=https://attacker.example/x onerror=alert(1)>',
    "javascript:alert(1)//{{7*7}}{% raise %}",
    "ada\u202etxt.exe\u2066",
    "\x1b[31mred\x1b[0m\x1b]8;;http://attacker.example\x07link",
    "=cmd|' /C calc'!A0",
    "nul\0 bell\x07 ]]> & \ud800 \uffff",
    "../../etc/passwd",
    "</style><style>*{display:none}</style><!--",
]


def hostile_result(text):
    """Return a result in which every text is a hostile one."""
    visible = TestResult("language_model", text, f"test_{text}[{text}]", text, 60.0, "failed", text, text, text, 0.5)
    hidden = TestResult("language_model", text, f"test_b[{text}]", text, 40.0, "error", text, text, "", 12.25, True)
    rows = [[math.nan, 7.0, -1.0], [0.5, math.inf, 0.1], ["<b>", None, True]]
    exhibit = {"title": text, "source": text, "target": text, "submission": rows, "reference": [[1.0, 0.0, 0.0]]}
    graded = ExerciseResult("language_model", 100.0, 7, (visible, hidden), exhibit=exhibit)
    ungraded = ExerciseResult(text, 10.0, 7, problem=text)
    return SubmissionResult(text, text, "process", (graded, ungraded), {"dlseq": text}, notes=(text,))


def made_up_class(count, seed=0):
    """Return results of all exercises, with about fifty test cases each."""
    draw = random.Random(seed)
    tests = {exercise.name: _tests(draw, exercise.name) for exercise in EXERCISES}
    return [_result(draw, number, tests) for number in range(count)]


def _tests(draw, exercise):
    """Return about 27 tests of an exercise, as (function, name, property, cases, hidden, difficulty)."""
    functions, tests = graded_functions(find_course().solution(exercise).read_text("utf-8"))[:MAX_FUNCTIONS], []
    for function in functions:
        for number in range(round(27 / len(functions))):
            cases = CASES[1:] if draw.random() < 0.3 else CASES[:1]
            place = "as everywhere" if number % 3 == 0 else f"as in part {number}"  # some descriptions come twice
            text = f"{draw.choice(PROPERTIES)[:-1]}, in {function} {place}."
            tests.append((function, f"test_{function}_{number}", text, cases, number % 3 == 2, draw.random()))
    return tests


def _result(draw, number, tests):
    name = f"{draw.choice(LAST)}, {draw.choice(FIRST)}" if number % 2 else f"{draw.choice(FIRST)} {draw.choice(LAST)}"
    skill = draw.betavariate(5, 1.6)
    last_started = draw.choices(range(len(EXERCISES) - 5, len(EXERCISES) + 1), [1, 1, 2, 2, 3, 9])[0]
    exercises = []
    for position, exercise in enumerate(EXERCISES):
        if draw.random() < 0.02:
            problem = f"there is no file for {exercise.name}; name it {exercise.name}.py"
            exercises.append(ExerciseResult(exercise.name, 100.0, 7, problem=problem))
            continue
        results = _test_results(draw, exercise.name, tests[exercise.name], skill if position < last_started else -1)
        exhibit = _exhibit(draw, skill) if exercise.name == "date_normalization" else None
        seconds, memory = round(draw.uniform(1, 9), 3), draw.randrange(10**9)
        exercises.append(ExerciseResult(exercise.name, 100.0, 7, results, "", seconds, memory, exhibit))
    versions = {"dlseq": "0.1.0", "python": "3.11.7", "numpy": "2.4.6", "keras": "3.15.1", "tensorflow": "2.21.0"}
    versions |= {"keras_backend": "tensorflow", "floatx": "float32"}
    identity = Identity("Canvas", str(1000 + number), (Person(f"{name} {number}"),))
    return SubmissionResult(
        f"{name} {number}", f"class/{number}.zip", "sandbox", tuple(exercises), versions, identity=identity
    )


def _test_results(draw, exercise, tests, skill):
    share, results, broken = 100 / len(tests), [], {}
    for function, name, text, cases, hidden, difficulty in tests:
        broken.setdefault(function, skill < 0 or draw.random() > skill)
        for case in cases:
            status = "passed"
            if skill < 0:
                status = "not started"
            elif broken[function] and draw.random() < 0.3 + 0.6 * difficulty:
                status = draw.choices(["failed", "error", "timeout"], [8, 2, 1])[0]
            message = draw.choice(MESSAGES.get(status, [""])).format(function=function)
            hint = draw.choice(HINTS) if status in ("failed", "timeout") else ""
            place = f"line {draw.randrange(20, 300)}" if status == "error" and not hidden else ""
            seconds = round(draw.uniform(0.001, 0.2), 4)
            points = share / len(cases)
            results.append(
                TestResult(
                    exercise,
                    function,
                    name + case,
                    text,
                    points,
                    status,
                    message=message,
                    hint=hint,
                    place=place,
                    seconds=seconds,
                    hidden=hidden,
                )
            )
    return tuple(results)


def _exhibit(draw, skill):
    source, target = draw.choice([("saturday 9 may 2018", "2018-05-09"), ("3 maj 1979", "1979-05-03")])
    sharp = [_row(draw, step, len(source), 2.0) for step in range(10)]
    blurred = None if draw.random() > skill + 0.3 else [_row(draw, step, len(source), 0.6) for step in range(10)]
    return {
        "title": f"Where the model looks while it writes {target}",
        "source": source,
        "target": target,
        "submission": blurred,
        "reference": sharp,
    }


def _row(draw, step, length, sharpness):
    center = length - 4 + step if step < 4 else (draw.uniform(length * 0.4, length * 0.8) if step < 8 else 1)
    weights = [math.exp(-sharpness * abs(x - center)) if x < length else 0.0 for x in range(30)]
    return [weight / sum(weights) for weight in weights]
