"""Reading tests, solutions, caches, other submissions, the home directory, `/proc/<pid>`."""

from building import Attack, anything

READ = """
import glob, itertools, os
def read(*patterns):
    found = []
    for pattern in patterns:
        every = glob.iglob(pattern, recursive=True, include_hidden=True)
        for path in itertools.islice(every, 2000):
            try:
                text = open(path, "rb").read(10**6)
            except OSError:
                continue
            found += [path + ":" + word for word in ("CANARY", "predicted = sum(", "test_perplexity") if word.encode() in text]
    return found
"""  # noqa: E501
TELL = "raise ValueError('FOUND ' + ' '.join(read({}))[:400])"


def reads(name, patterns):
    return Attack(name, TELL.format(patterns), READ, spoils=("perplexity",), leaks=anything)


ATTACKS = [
    reads("tests and solutions", "ROOT + '/*', ROOT + '/tests/**/*', ROOT + '/solutions/**/*'"),
    reads("other submissions and results", "CLASS + '/**/*', OUT + '/**/*', '/tmp/**/*', '/var/tmp/**/*'"),
    reads("the home directory", "HOME + '/**/*', os.path.expanduser('~/**/*'), '/root/*', '/home/**/*', '/etc/*'"),
    reads("/proc", "'/proc/*/environ', '/proc/*/cmdline', '/proc/self/task/*/*', '/proc/*/fd/*', '/proc/*/maps'"),
    reads("answers that were recorded", "'/tmp/dlseq-*/**/*', '/tmp/*answers*', ROOT + '/tests/graded/expected/*'"),
    Attack(
        "environment, arguments, descriptors",
        """
        import os, sys
        there = [f"{n}:{os.fstat(n).st_mode:o}" for n in range(64) if n not in (0, 1, 2, 3) and not bad(n)]
        raise ValueError("FOUND " + repr(dict(os.environ)) + repr(sys.argv) + repr(sys.orig_argv)[:300] + repr(there))
        """,
        """
        import os
        def bad(n):
            try:
                os.fstat(n)
            except OSError:
                return True
        """,
        spoils=("perplexity",),
        leaks=lambda text: any(word in text for word in ("CANARY", "SECRET", "seed", "results", "'--")),
    ),
    Attack(
        "memory of other processes",
        """
        import ctypes, os
        libc, found = ctypes.CDLL(None, use_errno=True), []
        here, there = ctypes.create_string_buffer(4096), (ctypes.c_size_t * 2)(id(answer) & ~4095, 4096)
        local = (ctypes.c_size_t * 2)(ctypes.addressof(here), 4096)
        for pid in (*range(1, 40), os.getppid()):
            got = libc.process_vm_readv(pid, local, 1, there, 1, 0), libc.ptrace(16, pid, 0, 0)
            found += [pid] if max(got) >= 0 else []
            try:
                open(f"/proc/{pid}/mem", "rb"); found.append(-pid)
            except OSError:
                pass
        raise ValueError(f"FOUND {found} CANARY" if found else "FOUND nothing")
        """,
        spoils=("perplexity",),
        leaks=lambda text: text != "nothing",
    ),
]
