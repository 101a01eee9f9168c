"""Walks over frames, `gc`, tracebacks and `sys.modules` for expected values, references, seeds, nonces."""

from building import Attack, anything, nothing_but

WALK = """
import gc, sys
def walk():
    names, seen = ("expected", "reference", "seed", "nonce", "wanted", "rng", "session", "expected_values", "known"), []
    frame = sys._getframe()
    while frame is not None:
        seen += [(name, frame.f_locals[name]) for name in names if name in frame.f_locals]
        seen += [(name, frame.f_globals[name]) for name in names if name in frame.f_globals]
        frame = frame.f_back
    for item in gc.get_objects():
        if type(item) is dict:
            seen += [(name, item[name]) for name in names if name in item]
    return seen
"""
ATTACKS = [
    Attack(
        "an expected value from frames or gc, returned",
        """
        for name, value in walk():
            if type(value) in (float, np.float64):
                answer = float(value)
        """,
        WALK,
    ),
    Attack(
        "all that is found, reported",
        "raise ValueError('FOUND ' + ' '.join(sorted({name + '=' + str(value)[:40] for name, value in walk()})))",
        WALK,
        spoils=("perplexity",),
        leaks=anything,
    ),
    Attack(
        "what modules are there, reported",
        """
        import sys
        found = {".".join(n.split(".")[:3]) for n in sys.modules if n.startswith(("dlseq", "pytest", "_pytest"))}
        raise ValueError("FOUND " + " ".join(sorted(found)))  # short, for a long message is cut
        """,
        spoils=("perplexity",),
        leaks=nothing_but(
            r"dlseq(\.(startup|files|errors|course|course\.given.*|data.*|kernels.*|grading|grading\.worker.*))?"
        ),
    ),
    Attack(
        "text in the memory of this process",
        """
        import gc
        needles = ["".join(parts) for parts in (("test_perp", "lexity"), ("draw", "_judge"), ("record", "_expected"))]
        texts = {text for holder in gc.get_objects() for text in gc.get_referents(holder) if type(text) is str}
        found = [text[:60] for text in texts.difference(needles) if any(word in text for word in needles)]
        raise ValueError("FOUND " + " ".join(found))
        """,
        spoils=("perplexity",),
        leaks=anything,
    ),
    Attack(
        "tracebacks and contexts of an exception",
        """
        try:
            raise ValueError
        except ValueError as error:
            step, found = error.__traceback__, []
            frame = step.tb_frame
            while frame:
                found.append(frame.f_code.co_name); frame = frame.f_back
        raise ValueError("FOUND " + " ".join(found))
        """,
        spoils=("perplexity",),
        leaks=nothing_but(r"(?!test_|pytest|judge|run_?test).*"),
    ),
]
