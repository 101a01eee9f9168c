"""Sandbox: a submission sees the interpreter, the libraries and nothing else. Code inside tries each property."""

import contextlib
import importlib.util
import io
import os
import secrets
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
import time
import venv
import zipfile
from pathlib import Path

import numpy as np
import pytest

from dlseq.grading.sandbox.bubblewrap import check_hidden
from dlseq.grading.sandbox.sandbox import ResourceLimits, Sandbox, SandboxError
from dlseq.grading.sandbox.timeout import timeout
from dlseq.grading.sandbox.transport import SandboxTransport, WorkerSession
from dlseq.grading.worker.environment import worker_environment
from dlseq.grading.worker.executor import TimeLimitExceeded
from dlseq.grading.worker.framing import receive, send
from dlseq.testing.submission import Submission, SubmissionError

REPOSITORY = Path(__file__).parents[3]
LIMITS = ResourceLimits(memory_bytes=300 * 2**20, scratch_bytes=8 * 2**20)

TRIES = '''
import ctypes, os, socket, sys, threading, time

def tries(source):
    """Run code; return its variable `got`, or the name of the exception that it raised."""
    names = {}
    try:
        exec(source, names)
        return names.get("got")
    except BaseException as error:
        return type(error).__name__
'''


@pytest.fixture(scope="module", params=["sandbox", "process"])
def any_sandbox(request):
    if request.param == "sandbox" and shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed: apt-get install bubblewrap")
    with Sandbox(["numpy"], request.param, LIMITS) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def confined():
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed: apt-get install bubblewrap")
    os.environ["A_SECRET"] = "do not tell"
    with Sandbox(["numpy"], "sandbox", LIMITS) as sandbox:
        yield sandbox
    del os.environ["A_SECRET"]


@pytest.fixture(scope="module")
def unconfined():
    """Workers that may fork, which confined ones may not."""
    with Sandbox(["numpy"], "process", LIMITS) as sandbox:
        yield sandbox


@pytest.fixture
def tries(confined):
    """Run code in a fresh worker; return its variable `got`, or the name of the exception that it raised."""
    workers = WorkerSession(confined)
    submission = Submission(SandboxTransport(workers, [("a.py", TRIES)], "submission"))
    yield lambda source: submission.call("tries", source)
    workers.stop()


def call(sandbox, text, function="f", *arguments):
    workers = WorkerSession(sandbox)
    try:
        return Submission(SandboxTransport(workers, [("a.py", text)], "submission")).call(function, *arguments)
    finally:
        workers.stop()


def test_values_are_returned_and_errors_name_their_line(any_sandbox):
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(call(any_sandbox, "def f(x): return (x.T @ x)", "f", x), x.T @ x)
    with pytest.raises(SubmissionError) as caught:
        call(any_sandbox, "def f():\n    return 1 / 0")
    assert (caught.value.kind, caught.value.place) == ("ZeroDivisionError", "line 2")


FORGING = """
import os
import dlseq.grading.worker.executor as executor
executor.read_keras_file = lambda content: {"layers": "lies", "weights": []}
executor.Executor._get = lambda self, request: {"result": "lies"}
before, number = executor.Executor.__dict__.get("noted"), os.urandom(8).hex()
executor.Executor.noted = number
open("noted", "a").write(number)
def f(): return before, number, open("noted").read() == number
"""


def test_a_restarted_submission_runs_in_a_fresh_process(any_sandbox):
    """Notes of the code in memory and in files last within a worker and are gone after a restart."""
    workers = WorkerSession(any_sandbox)
    first, second = (SandboxTransport(workers, [("a.py", FORGING)], "submission") for _ in range(2))
    noted = Submission(first).call("f")
    assert noted[0] is None and noted[2]
    again = Submission(second).call("f")
    assert again[0] == noted[1] and not again[2]
    second.restart()
    fresh = Submission(second).call("f")
    assert fresh[0] is None and fresh[2] and fresh[1] not in (noted[1], again[1])
    workers.stop()


def test_a_keras_file_is_read_before_the_code_runs(any_sandbox):
    """The code replaces the function that reads files; reading again in the same process shows it."""
    import h5py

    weights, file = io.BytesIO(), io.BytesIO()
    with h5py.File(weights, "w") as made:
        made["a"] = np.arange(3.0)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.json", '{"class_name": "Dense", "config": {"units": 3}}')
        archive.writestr("model.weights.h5", weights.getvalue())
    workers = WorkerSession(any_sandbox)
    transport = SandboxTransport(workers, [("a.py", FORGING)], "submission")
    reading = {"operation": "read_file", "content": np.frombuffer(file.getvalue(), np.uint8)}
    assert Submission(transport).get("number") == "lies"
    assert transport.request(reading)["value"]["result"]["layers"] == "lies"
    transport.restart()
    found = transport.request(reading)["value"]["result"]
    assert found["layers"] == [("Dense", {"units": 3})] and found["weights"][0].tolist() == [0, 1, 2]
    workers.stop()


def test_only_needed_files_are_visible(tries):
    assert tries("import os; got = sorted(os.listdir('/'))") == sorted(
        {
            "course",
            "dev",
            "etc",
            "lib",
            "proc",
            "scratch",
            "tmp",
            "usr",
            Path(sys.prefix).parts[1],
            Path(sys.base_prefix).parts[1],
        }
        | ({"lib64"} if Path("/lib64").exists() else set())
    )
    for place in (
        REPOSITORY / "solutions",
        REPOSITORY / "tests",
        Path.home() / ".ssh",
        Path("/etc/passwd"),
        Path("/home"),
        REPOSITORY / "README.md",
    ):
        assert tries(f"import os; got = os.stat({str(place)!r}) and 'seen'") == "FileNotFoundError"
    assert tries("import os; got = sorted(os.listdir('/proc')), sorted(os.listdir('/proc/self'))") == (
        ["self"],
        ["cmdline", "exe"],
    )


def test_no_solution_of_an_exercise_is_importable(tries):
    """The list of hidden modules once held names that no longer existed, so it was checked for nothing."""
    packages = ("authoring", "checking", "decoding", "layers", "metrics", "networks", "tasks", "testing", "text")
    grader = ("judge", "plugin", "results", "run", "sandbox", "submissions")
    hidden = [*(f"dlseq.{name}" for name in packages), *(f"dlseq.grading.{name}" for name in grader)]
    assert all(importlib.util.find_spec(name) for name in hidden)
    for name in (*hidden, "solutions.attention_layer", "tests.graded", "exercises.attention_layer"):
        assert tries(f"import {name}") == "ModuleNotFoundError", name
    assert tries("import dlseq.course.given.name_generation; got = 'there'") == "there"
    everything = (
        "import os; got = [n for r, d, f in os.walk('/') for n in f if n in "
        "('attention_layer.py', 'test_attention_layer.py', 'attention.py', 'reference.py') and 'dlseq' in r + n]"
    )
    assert tries(everything) == []


def test_only_a_scratch_folder_of_limited_size_is_writable(tries):
    for place in (
        "/",
        "/dev",
        "/dev/shm",
        "/proc",
        "/course",
        "/course/dlseq",
        "/usr/lib",
        sys.prefix,
        str(Path(os.__file__).parent),
    ):
        assert tries(f"open({place!r} + '/x', 'w')") in ("OSError", "PermissionError"), place
    assert tries("open('/scratch/x', 'w').write('kept'); got = open('/scratch/x').read()") == "kept"
    fill = "n = 0\nwhile True:\n    open(f'/scratch/{n}', 'wb').write(bytes(10**6)); n += 1"
    assert tries(fill) == "OSError"
    assert tries("open('/scratch/big', 'wb').truncate(10**9)") == "OSError"


def test_no_network_and_no_other_process_is_reachable(tries):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert tries(f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)") == "PermissionError"
    with socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind("\0dlseq-test")
        abstract.listen()
        connect = "import socket; socket.socket(socket.AF_UNIX).connect('\\0dlseq-test')"
        assert tries(connect) == "PermissionError"
    assert tries("import socket; socket.socketpair()") == "PermissionError"  # they would keep what is sent to them
    assert tries("import os; got = os.getpid(), os.getppid(), os.getuid()") == (2, 1, 65534)
    assert tries(f"import os; os.kill({os.getpid()}, 0)") == "ProcessLookupError"
    assert (
        tries("import os; os.kill(1, 9); got = 'still here'") == "still here"
    )  # the guard cannot be killed from inside


def test_environment_arguments_and_descriptors_tell_nothing(tries):
    environment = tries("import os; got = dict(os.environ)")
    assert environment == worker_environment("/scratch")
    assert tries("import sys; got = sys.argv") == ["submission"]
    scan = """
import os
got = []
for n in range(300):
    try:
        os.fstat(n)
        got.append(n)
    except OSError:
        pass
"""
    assert tries(scan) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "call",
    ["ptrace(0, 0, 0, 0)", "unshare(0x10000000)", "shmget(0, 1000000, 0o1600)", "mount(b'x', b'/tmp', b'tmpfs', 0, 0)",
     "syscall(319, b'x', 0)", "umount2(b'/proc', 2)", "setns(0, 0)"],
)  # fmt: skip
def test_dangerous_system_calls_are_refused(tries, call):
    if os.uname().machine != "x86_64" and "syscall" in call:
        pytest.skip("the number is that of x86_64")
    source = f"import ctypes; libc = ctypes.CDLL(None, use_errno=True); got = (libc.{call}, ctypes.get_errno())"
    assert tries(source) == (-1, 1)


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86_64")
def test_uncounted_kernel_memory_is_refused(tries):
    """Semaphores, message queues and pages kept by pipes once held six gigabytes that were counted for no process."""
    refused = {"semget": 64, "msgget": 68, "splice": 275, "tee": 276, "vmsplice": 278, "io_setup": 206, "sendfile": 40}
    refused |= {"epoll_create1": 291, "inotify_init1": 294, "signalfd4": 289, "timer_create": 222, "setxattr": 188}
    calls = "; ".join(
        f"got.append((libc.syscall({number}, 0, 1, 0o600), ctypes.get_errno()))" for number in refused.values()
    )
    found = tries(f"import ctypes; libc = ctypes.CDLL(None, use_errno=True); got = []; {calls}")
    assert dict(zip(refused, found, strict=True)) == dict.fromkeys(refused, (-1, 1))
    assert tries("import os; got = os.listdir('/dev/pts')") == []
    assert tries("import os; os.openpty()") == "FileNotFoundError"


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86_64")
def test_recent_and_future_system_calls_are_missing(tries):
    calls = "[(libc.syscall(number, 0, 0, 0), ctypes.get_errno()) for number in (425, 435, 462, 511)]"
    assert tries(f"import ctypes; libc = ctypes.CDLL(None, use_errno=True); got = {calls}") == [(-1, 38)] * 4


def test_no_process_and_no_program_can_be_started(tries):
    """Twenty programs once used 2.2 GB where 256 MB were allowed: a share of their memory was taken for inherited."""
    program = sys.executable
    for start in (
        "os.fork()",
        "os.forkpty()",
        f"os.execv({program!r}, ['python'])",
        f"os.posix_spawn({program!r}, ['python'], {{}})",
        f"subprocess.run([{program!r}])",
        f"subprocess.Popen([{program!r}], preexec_fn=print)",
        "multiprocessing.get_context('fork').Process(target=print).start()",
    ):
        assert tries(f"import multiprocessing, os, subprocess; {start}") in (
            "PermissionError",
            "FileNotFoundError",  # of a pseudoterminal
        )
    assert tries("import os; got = os.system('true')") != 0
    libc = "import ctypes; libc = ctypes.CDLL(None, use_errno=True)"
    assert tries(f"{libc}; got = libc.vfork(), ctypes.get_errno()") == (-1, 1)


def test_threads_work_within_a_limit(tries):
    assert tries("import threading\nt = threading.Thread(target=print); t.start(); t.join(); got = 'ran'") == "ran"
    bomb = "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    assert tries(bomb) == "RuntimeError"


def test_memory_is_limited_for_one_process_and_for_all(confined, unconfined):
    grab = "def f():\n    x = []\n    while True: x.append(bytes(10**7) + b'x')"
    with pytest.raises(SubmissionError) as caught:
        call(confined, grab)
    assert caught.value.kind in ("Lost", "MemoryError")
    share = (
        "import os, time\ndef f():\n    for n in range(20):\n        if os.fork() == 0:\n"
        "            x = bytearray(10**8); x[::4096] = b'1' * len(x[::4096]); time.sleep(60)\n    time.sleep(60)"
    )
    with pytest.raises(SubmissionError) as caught:
        call(unconfined, share)
    assert caught.value.kind == "Lost" and "GB of memory" in caught.value.message
    with pytest.raises(SubmissionError) as caught:
        call(confined, "import numpy as np\ndef f(): return np.ones((10**5, 10**5))")
    assert "Memory" in caught.value.kind
    assert confined.peak_memory_bytes > LIMITS.memory_bytes


def test_shared_anonymous_memory_is_refused(tries):
    """It was counted for no process: four gigabytes could be used where 300 MB were allowed."""
    assert tries("import mmap; mmap.mmap(-1, 10**6)") == "PermissionError"
    zeros = "import mmap, os; mmap.mmap(os.open('/dev/zero', os.O_RDWR), 10**6)"
    assert tries(zeros) not in (None, "NameError")
    assert tries("import mmap; got = len(mmap.mmap(-1, 10**6, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))") == 10**6
    file = (
        "import mmap; f = open('/scratch/x', 'w+b'); f.write(bytes(9)); f.flush(); got = len(mmap.mmap(f.fileno(), 0))"
    )
    assert tries(file) == 9


@pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="this machine has one CPU")
def test_many_threads_share_one_cpu(tries):
    crowd = """
import os, threading, time
threading.stack_size(1 << 17)
for n in range(40):
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
time.sleep(1)
got = len(os.sched_getaffinity(0))
"""
    assert tries("import os; got = len(os.sched_getaffinity(0))") == len(os.sched_getaffinity(0))
    assert tries(crowd) == 1
    assert tries("import os; os.sched_setaffinity(0, {0})") == "PermissionError"


def test_a_timeout_interrupts_no_command_to_the_sandbox(any_sandbox):
    """The next command once got the reply to the interrupted one, also for the next submission."""
    for seconds in (0.001, 0.003, 0.01, 0.03):
        with pytest.raises(TimeLimitExceeded), timeout(seconds):
            while True:
                any_sandbox.start_worker().close()
                any_sandbox.stop_worker()
                time.sleep(0.003)  # between commands, where the timeout may strike
    assert any_sandbox.stop_worker() == ""
    assert call(any_sandbox, "def f(): return 42") == 42


def test_the_next_worker_has_fresh_state(any_sandbox):
    leave = """
import os, sys, numpy
def f():
    numpy.mine = sys.mine = 1
    open(os.environ["HOME"] + "/x", "w").write("x")
"""
    call(any_sandbox, leave)
    look = """
import os, sys, numpy
def f():
    return hasattr(numpy, "mine"), hasattr(sys, "mine"), os.listdir(os.environ["HOME"])
"""
    assert call(any_sandbox, look) == (False, False, [])


def test_no_descendant_outlives_its_worker(unconfined):
    mine = secrets.token_hex(6)  # other tests may run workers at the same time
    daemon = f"""
import ctypes, os, signal, time
def f():
    ctypes.CDLL(None).prctl(15, b"{mine}")  # set the process name, which forks inherit
    for n in range(3):
        if os.fork() == 0:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            if os.fork() == 0:
                time.sleep(600)
            os._exit(0)
    return "started"
"""
    workers = WorkerSession(unconfined)
    assert Submission(SandboxTransport(workers, [("a.py", daemon)], "a")).call("f") == "started"
    assert len(_named(mine)) >= 4
    workers.stop()
    assert _named(mine) == []


def _named(name):
    """Return the ids of the processes of a name."""
    found = []
    for place in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            found += [place.parent.name] if place.read_text().strip() == name else []
    return found


def test_a_dead_worker_is_reported_and_replaced(any_sandbox):
    workers = WorkerSession(any_sandbox)
    submission = Submission(
        SandboxTransport(workers, [("a.py", "import os\ndef f(x):\n    if x: os._exit(0)\n    return x")], "a")
    )
    with pytest.raises(SubmissionError, match="Lost"):
        submission.call("f", 1)
    assert workers.worker_died
    assert submission.call("f", 0) == 0
    workers.stop()


def test_a_session_knows_if_its_worker_has_answered(any_sandbox):
    workers = WorkerSession(any_sandbox)
    for text, answered in (("import os; os._exit(0)", False), ("def f(): return 1", True)):
        workers.answered = False
        with contextlib.suppress(SubmissionError):
            Submission(SandboxTransport(workers, [("a.py", text)], "a")).call("f")
        assert workers.answered is answered
    workers.stop()


def test_forged_and_oversized_replies_are_refused(any_sandbox):
    forge = "import os\ndef f(data): os.write(3, data)"
    workers = WorkerSession(any_sandbox)
    submission = Submission(SandboxTransport(workers, [("a.py", forge)], "a"))
    reply = submission._transport.request({"operation": "call", "function": "f", "arguments": ("x",), "keywords": {}})
    assert reply["error"]["kind"] == "TypeError"
    forge = "import os\ndef f(): os.write(3, (10**15).to_bytes(8, 'big'))"
    with pytest.raises(SubmissionError, match="NotPlain"):
        call(any_sandbox, forge)
    forge = "import os\ndef f(): os.write(3, (20).to_bytes(8, 'big') + b'x' * 20)"
    with pytest.raises(SubmissionError, match="NotPlain"):
        call(any_sandbox, forge)


def test_forged_replies_do_not_answer_later_requests(any_sandbox):
    forge = """
import json, os
def f(numbers):
    for number in numbers:
        node = ["d", [[["s", "value"], ["d", [[["s", "result"], ["s", "forged"]]]]], [["s", "number"], ["i", str(number)]]]]
        data = json.dumps(node).encode()
        data = len(data).to_bytes(8, "big") + data
        os.write(3, len(data).to_bytes(8, "big") + data)
def g(x): return x
"""  # noqa: E501
    workers = WorkerSession(any_sandbox)
    submission = Submission(SandboxTransport(workers, [("a.py", forge)], "a"))
    assert submission.call("f", [0, 1]) is None
    assert [submission.call("g", n) for n in range(5)] == list(range(5))
    assert submission.call("f", [8, 8, 8]) == "forged"  # in the place of its own reply, which it may choose
    assert [submission.call("g", n) for n in range(5)] == list(range(5))
    with pytest.raises(SubmissionError, match="NotPlain"):
        submission.call("f", [99])
    assert submission.call("g", 7) == 7
    workers.stop()


def test_a_forked_process_of_a_submission_sends_no_reply(unconfined):
    workers = WorkerSession(unconfined)
    submission = Submission(
        SandboxTransport(workers, [("a.py", "import os\ndef f(x):\n    os.fork()\n    return x")], "a")
    )
    assert [submission.call("f", n) for n in range(20)] == list(range(20))
    workers.stop()


def test_a_dead_sandbox_is_distinguished_from_a_dead_worker(confined):
    with Sandbox(["numpy"], "sandbox", LIMITS) as sandbox:
        workers = WorkerSession(sandbox)
        submission = Submission(SandboxTransport(workers, [("a.py", "import time\ndef f(): time.sleep(60)")], "a"))
        threading.Timer(1.0, sandbox._process.kill).start()
        with pytest.raises(SandboxError):
            submission.call("f")
        assert workers.failure


def test_without_bubblewrap_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SandboxError, match="apt-get install bubblewrap"):
        Sandbox(["numpy"])
    with pytest.raises(SandboxError, match="Expected one of: sandbox, process"):
        Sandbox(["numpy"], "docker")


def test_an_interpreter_behind_two_links_is_visible(confined, tmp_path, monkeypatch):
    """In a venv of Debian's Python, bin/python3 links to /usr/bin/python3, and that to python3.11."""
    folder, middle = tmp_path / "venv", tmp_path / "usr" / "python3"
    venv.create(folder, symlinks=True)
    (libraries,) = folder.glob("lib/python*/site-packages")
    (libraries / "others.pth").write_text(sysconfig.get_path("purelib"))  # NumPy is in the venv that runs this test
    last = folder / "bin" / "python3"
    last.unlink()
    for link, target in ((middle, Path(sys.executable).resolve()), (last, middle)):
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(target)
    monkeypatch.setattr(sys, "executable", str(last))
    monkeypatch.setattr(sys, "prefix", str(folder))
    with Sandbox(["numpy"], "sandbox", LIMITS) as sandbox:
        assert call(sandbox, "def f(): return 42") == 42


@pytest.fixture
def venv_in_the_course(tmp_path, monkeypatch):
    """A course whose root is a virtual environment as well: `git clone …; cd …; python3 -m venv .`."""
    venv.create(tmp_path, symlinks=True)
    (libraries,) = tmp_path.glob("lib/python*/site-packages")
    (libraries / "others.pth").write_text(sysconfig.get_path("purelib"))
    for path in ("solutions/a.py", "tests/graded/test_a.py", "lib/solutions/a.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("answer = 42")
    older = libraries / "dlseq/layers"
    older.mkdir(parents=True)
    (older / "attention.py").write_text("answer = 42")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin/python3"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    return tmp_path, older / "attention.py"


def test_a_course_that_is_a_virtual_environment_is_not_visible(confined, venv_in_the_course):
    """One line of a submission read the solution there, and earned full marks."""
    root, installed = venv_in_the_course
    with Sandbox(["numpy"], "sandbox", LIMITS) as sandbox:
        look = "import os\ndef f(path): return os.path.exists(path)"
        for path in (root / "solutions/a.py", root / "tests/graded/test_a.py", installed):
            assert call(sandbox, look, "f", str(path)) is False
        assert call(sandbox, look, "f", str(root / "pyvenv.cfg")) is True
        assert call(sandbox, "import sys\ndef f(): return sys.prefix") == str(root)


def test_files_among_the_libraries_of_python_stop_the_grading(venv_in_the_course):
    root, installed = venv_in_the_course
    check_hidden([root, root / "solutions", installed])
    for path in (root / "lib", root / "lib/solutions", root / "bin/results", Path(os.__file__).parent / "class"):
        with pytest.raises(SandboxError, match=r"Cannot hide .* from submissions, since it lies in"):
            check_hidden([root / "solutions", path])


def test_a_failed_import_of_a_library_is_named():
    with Sandbox(["no_such_module"], "process") as sandbox, pytest.raises(SandboxError, match="no_such_module"):
        sandbox.start_worker()


def test_the_sandbox_does_not_outlive_its_owner():
    code = """
import sys, time
from dlseq.grading.sandbox.sandbox import Sandbox
sandbox = Sandbox(["numpy"], sys.argv[1])
connection = sandbox.start_worker()
print(sandbox._process.pid, flush=True)
time.sleep(60)
"""
    for isolation in ("process", *(["sandbox"] if shutil.which("bwrap") else [])):
        process = subprocess.Popen([sys.executable, "-c", code, isolation], stdout=subprocess.PIPE, text=True)
        number = int(process.stdout.readline())
        assert Path(f"/proc/{number}").exists()
        process.kill()
        process.wait()
        process.stdout.close()
        deadline = time.monotonic() + 10
        while _is_running(number) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _is_running(number)


def _is_running(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_reply_answers_the_request_it_belongs_to(any_sandbox):
    connection = any_sandbox.start_worker()
    send(connection, {"operation": "load", "cells": [("a.py", "def f(x): return x")], "name": "a", "graded": []})
    assert receive(connection) == {"value": {"result": None}}
    for n in range(3):
        send(connection, {"operation": "call", "function": "f", "arguments": (n,), "keywords": {}})
        assert receive(connection)["value"]["result"] == n
    connection.close()
    any_sandbox.stop_worker()
