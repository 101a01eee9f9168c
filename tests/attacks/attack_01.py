"""`os._exit(0)`, `os.abort`, `SIGKILL` to itself: at import, inside the function."""

from building import Attack, by_turns

LATER = """
import sys
sys.loads = getattr(sys, "loads", 0) + 1
if sys.loads % 25 == 0:
    {}
"""
ENDS = {
    "os._exit(0)": "import os; os._exit(0)",
    "os.abort": "import os; os.abort()",
    "SIGKILL to itself": "import os; os.kill(os.getpid(), 9)",
    "SIGKILL to its group and to all": "import os; os.killpg(0, 9); os.kill(-1, 9); os._exit(0)",
    "an invalid address": "import ctypes; ctypes.string_at(0)",
}
ATTACKS = [
    *by_turns({f"{name}, inside": end for name, end in ENDS.items()}),
    Attack("os._exit(0), at each import", before="import os; os._exit(0)", spoils=("*",)),
    *(Attack(f"{n}, at every 25th import", before=LATER.format(ENDS[n]), may_lose=True) for n in list(ENDS)[1:3]),
]
