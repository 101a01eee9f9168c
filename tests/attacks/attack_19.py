"""Memory, process, thread, descriptor, disk and output bombs."""

from building import Attack, anything, by_turns

BOMBS = {
    "memory": "grabbed = []\nwhile True: grabbed.append(bytearray(10**8))",
    "memory of many processes": "import os, time\nfor _ in range(60):\n    if os.fork() == 0:\n"
    "        x = bytearray(2 * 10**8); time.sleep(60)\ntime.sleep(60)",
    "memory that is shared": "import mmap\ngrabbed = []\nwhile True:\n    grabbed.append(mmap.mmap(-1, 10**8))\n"
    "    grabbed[-1].write(b'x' * 10**8)",
    "zeros that are shared": "import mmap, os\nnumber = os.open('/dev/zero', os.O_RDWR)\ngrabbed = []\nwhile True:\n"
    "    grabbed.append(mmap.mmap(number, 10**8)); grabbed[-1].write(b'x' * 10**8)",
    "processes": "import os\nwhile True: os.fork()",
    "threads": "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,)).start()",
    "descriptors and pipes": "import os\nkept = []\nwhile True:\n    kept.append(os.pipe())\n"
    "    os.set_blocking(kept[-1][1], 0); os.write(kept[-1][1], bytes(65536))",
    "sockets that keep what is sent": "import socket\nkept = []\nwhile True:\n    kept.append(socket.socketpair())\n"
    "    kept[-1][0].setblocking(False); kept[-1][0].send(bytes(10**5))",
    "disk": "n = 0\nwhile True:\n    open(f'/scratch/{n}', 'wb').write(bytes(10**6)); n += 1",
    "files": "n = 0\nwhile True:\n    open(f'/scratch/{n}', 'w').close(); n += 1",
    "folders in folders": "import os\nwhile True: os.mkdir('x'); os.chdir('x')",
}
LIBC = "import ctypes, mmap, os\nlibc = ctypes.CDLL(None, use_errno=True)"
FOUND = 'raise AssertionError("FOUND " + ("held" if held else ""))'
KERNEL_MEMORY = {
    "semaphores": f"held = sum(libc.semget(0, 32000, 0o600) >= 0 for _ in range(100))\n{FOUND}",
    "message queues": "held = 0\nfor _ in range(100):\n    queue = libc.msgget(0, 0o600)\n"
    f"    held += queue >= 0 and libc.msgsnd(queue, ctypes.create_string_buffer(8192), 8000, 0o4000) == 0\n{FOUND}",
    "pages that pipes keep": "held = 0\nfor _ in range(100):\n"
    "    pages = mmap.mmap(-1, 4 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)\n"
    "    pages.madvise(mmap.MADV_HUGEPAGE); pages.write(b'x' * len(pages))\n"
    "    start = (ctypes.addressof(ctypes.c_char.from_buffer(pages)) >> 21) + 1 << 21\n"
    "    vector = (ctypes.c_size_t * 2)(start, 1)\n"
    f"    held += libc.vmsplice(os.pipe()[1], vector, 1, 0) == 1\n{FOUND}",
    "asynchronous input": "held = 0\nfor _ in range(50):\n"
    f"    held += libc.syscall(206, 1000, ctypes.byref(ctypes.c_ulong())) == 0\n{FOUND}",
    "pseudoterminals": "held = 0\nfor _ in range(50):\n    try:\n        os.openpty(); held += 1\n"
    f"    except OSError:\n        pass\n{FOUND}",
    "pages of files that pipes keep": "open('/scratch/x', 'wb').write(bytes(1 << 20)); held = 0\n"
    "for _ in range(100):\n    try:\n"
    "        held += os.sendfile(os.pipe()[1], os.open('/scratch/x', 0), 0, 65536) > 0\n"
    f"    except OSError:\n        pass\n{FOUND}",
}
PROCESSES = {
    "memory of programs": "import subprocess, sys, time\nheld = 0\nfor _ in range(4):\n    try:\n"
    "        subprocess.Popen([sys.executable, '-c', 'x = b\"x\" * 10**8; import time; time.sleep(60)']); held += 1\n"
    f"    except OSError:\n        pass\ntime.sleep(0.5 * (held > 0))\n{FOUND}",
    "a process that shares memory": f"held = libc.vfork() >= 0\n{FOUND}",
}
FLOOD = "import os, sys\nfor _ in range(200): print('x' * 10**6); os.write(2, b'y' * 10**6)"
ATTACKS = [
    *by_turns(BOMBS),
    *by_turns({**KERNEL_MEMORY, **PROCESSES}, LIBC, leaks=anything),
    Attack("output", FLOOD, may_lose=True),  # 400 MB take longer than the time limit on a busy machine
    Attack("memory, at every 30th import", before="""
        import sys
        sys.loads = getattr(sys, "loads", 0) + 1
        while sys.loads % 30 == 0: sys.kept = [bytearray(10**8), getattr(sys, "kept", None)]
    """, may_lose=True),
]  # fmt: skip
