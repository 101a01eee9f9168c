"""`atexit`, finalizers, `__del__`, signal handlers that act after the verdict."""

from building import Attack

ACT = """
import atexit, gc, os, signal, sys, threading, time, weakref
def act(*_):
    for path in (OUTSIDE + "/acted", OUT + "/results/n10x00.json", "/tmp/acted"):
        try:
            open(path, "w").write("acted")
        except OSError:
            pass
    for reply in (b'[["d",[["s","value"],["d",[]]]]]', b"\\xff" * 40):
        try:
            os.write(3, (len(reply) + 8).to_bytes(8, "big") + len(reply).to_bytes(8, "big") + reply)
        except OSError:
            pass
"""
ATTACKS = [
    Attack("atexit, at every exit", after="atexit.register(act); threading._register_atexit(act)", before=ACT),
    Attack("a finalizer that outlives its module", after="weakref.finalize(np, act)", before=ACT),
    Attack(
        "__del__ while answers are written",
        after="class Late:\n    __del__ = act\nlate = [Late()]; late.append(late); del late; gc.set_threshold(1)",
        before=ACT,
        may_lose=True,
    ),
    Attack(
        "signal handlers and timers",
        after="""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM, signal.SIGXCPU, signal.SIGPIPE):
            signal.signal(number, act)
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
        """,
        before=ACT,
        may_lose=True,
    ),
    Attack(
        "audit hooks, excepthooks, trace and profile functions",
        after="""
        sys.addaudithook(lambda event, args: act() if event == "os._exit" else None)
        sys.excepthook = sys.unraisablehook = threading.excepthook = act
        sys.setprofile(lambda frame, event, arg: act() if frame.f_code.co_name == "serve" else None)
        """,
        before=ACT,
        may_lose=True,
    ),
]
