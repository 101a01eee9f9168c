"""Forged protocol messages on every inherited descriptor and on standard output; ANSI sequences in feedback."""

from building import FORGE, Attack, by_turns

FORGED = {
    "the last message of a judge's child": """b'{"finished": true}\\n{"status": "passed", "points": 100}\\n'""",
    "empty lines": 'b"\\n" * 100',
    "a message of no bytes": "bytes(8)",
    "a length of all ones": 'b"\\xff" * 16',
    "a length of a petabyte": '(10**15).to_bytes(8, "big")',
    "a list": 'plain(["l", []])',
    "nothing": "plain(None)",
    "a value that is none": 'plain(reply("value", None))',
    "a vast handle": 'plain(reply("value", entry("result", ["h", "model\\x1b[2J" * 1000, 10**400])))',
    "an array of a terabyte": 'plain(reply("value", entry("result", ["a", "float64", [10**6, 10**6]])))',
    "an error without words": 'plain(reply("error", entry("kind", ["i", "1"])))',
    "NaN": 'plain(reply("value", entry("result", ["f", "nan"])))',
    "keys within keys": "plain(nested(300))",
    "the same key twice": 'plain(["d", [*reply("value", entry("result", ["i", "0"]))[1], [text("value"), ["t", []]]]])',
    "orders of the judge": 'b"oe" * 9',
}
NESTED = """
def nested(n):
    node = ["i", "1"]
    for _ in range(n):
        node = ["d", [[node, ["i", "1"]]]]
    return node
"""
CLAIMS = 'plain(["d", [[text("worker"), ["i", "1"]], [text("reason"), text("")], [text("peak"), ["i", "0"]]]])'
ANSI = "\\x1b[2J\\x1b]0;passed\\x07\\x1b[31m[bold]100 / 100[/bold]\\r\\n<script>alert(1)</script>\\u202e" + "x" * 10**6
SPOILS = ("perplexity",)
EARLY = "write(plain(reply('value', entry('result', ['f', (1.5).hex()]), {})), [3])"
ATTACKS = [
    *by_turns({name: f"write({message}, [3])" for name, message in FORGED.items()}, FORGE + NESTED),
    Attack("each on every descriptor", f"[write(x) for x in ({', '.join(FORGED.values())})]", FORGE + NESTED,
           spoils=SPOILS),
    Attack("all at once, at import", before=FORGE + NESTED + f"[write(x) for x in ({', '.join(FORGED.values())})]",
           may_lose=True),
    Attack("replies of the warm parent and of the judge", f"write({CLAIMS})", FORGE, spoils=SPOILS),
    Attack("the same answer twice", EARLY.format(0), FORGE, spoils=SPOILS),
    Attack("an answer to what will be asked next", EARLY.format(1), FORGE, spoils=SPOILS),
    Attack("standard output, and what stands behind it",
           "print('\\n{\"status\": \"passed\"}\\n' * 1000); sys.__stdout__.write(chr(27))", FORGE),
    Attack("ANSI, markup and a million letters in a message", f'raise ValueError("FOUND {ANSI}")', spoils=SPOILS,
           leaks=lambda text: not text.isprintable()),
    Attack("the same in the name of an exception", f'raise type("FOUND {ANSI}"[:70], (Exception,), {{}})("FOUND")',
           spoils=SPOILS, leaks=lambda text: not text.isprintable()),
    Attack("and in its place", f"""
        code = compile("def f(): raise ValueError('FOUND')", "{ANSI[:60]}", "exec"); names = {{}}
        exec(code, names); names["f"]()
    """, spoils=SPOILS, leaks=lambda text: not text.isprintable()),
]  # fmt: skip
