"""Double-forked daemons and threads that outlive the test or the submission."""

from building import Attack

DAEMON = """
import ctypes, os, signal, threading, time
def daemon(live):
    try:
        child = os.fork()
    except OSError:
        return
    if child == 0:
        os.setsid()
        for number in range(1, 32):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, b"attackdaemon", 0, 0, 0)
            live()
        os._exit(0)
def meddle():
    while True:
        for path in (OUTSIDE + "/daemon", OUT + "/results/n11x00.json", "/tmp/daemon"):
            try:
                open(path, "w").write("x")
            except OSError:
                pass
        time.sleep(0.01)
def forge():
    while True:
        try:
            os.write(3, b"\\0" * 7 + b"\\1x")
        except OSError:
            pass
        time.sleep(0.02)
"""
ATTACKS = [
    Attack("daemons that meddle with files", "daemon(meddle)", DAEMON),
    Attack("daemons that hold the socket and forge replies", "daemon(forge); time.sleep(0.1)", DAEMON, may_lose=True),
    Attack("a thread that replies in the place of the function", "threading.Thread(target=forge, daemon=True).start()",
           DAEMON, may_lose=True),
    Attack("threads that never end", "[threading.Thread(target=meddle).start() for _ in range(5)]", DAEMON),
    Attack("a daemon in namespaces of its own", "daemon(lambda: (os.unshare(0x10020000), meddle()))", DAEMON),
]  # fmt: skip
