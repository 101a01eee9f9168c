"""Infinite loops in Python, in C, in `tf.while_loop`; cancelled alarms; sleeping; deadlock."""

from building import Attack, by_turns

STUBBORN = """
import os, signal, time, threading
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.setitimer(signal.ITIMER_REAL, 0)
"""
LOOPS = {
    "in Python, cancelled alarms": STUBBORN + "while True: pass",
    "in C": "import re; re.match(r'(a+)+b', 'a' * 60)",
    "sleeping, whatever wakes it": STUBBORN
    + "while True:\n    try:\n        time.sleep(60)\n    except BaseException:\n"
    "        pass",
    "deadlock": "import threading; one = threading.Lock(); one.acquire(); one.acquire()",
    "stopped by itself": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "a reply drop by drop": "import os\nos.write(3, (99).to_bytes(8, 'big'))\nwhile True:\n    os.write(3, b' '); "
    "__import__('time').sleep(0.1)",
    "never reads what it is asked": "import time\nwhile True: time.sleep(1)",
}
ATTACKS = [
    *by_turns(LOOPS),
    Attack("leaves just before the time is over", "import os, time; time.sleep(1.97); os._exit(0)",
           spoils=("perplexity",)),
    Attack("at every 40th import", before="""
        import sys
        sys.loads = getattr(sys, "loads", 0) + 1
        while sys.loads % 40 == 0: pass
    """, may_lose=True),
    Attack("tf.while_loop", """
        import tensorflow as tf
        if mask is None and type(energies) is np.ndarray:
            tf.while_loop(lambda n: n < 1, lambda n: n * 1, [tf.zeros(())])
    """, exercise="attention_layer", may_lose=True),
]  # fmt: skip
