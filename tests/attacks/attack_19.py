"""Memory, process, thread, descriptor, disk and output bombs."""

from building import Attack, by_turns

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
FLOOD = "import os, sys\nfor _ in range(200): print('x' * 10**6); os.write(2, b'y' * 10**6)"
ATTACKS = [
    *by_turns(BOMBS),
    Attack("output", FLOOD, may_lose=True),  # 400 MB take longer than the time limit on a busy machine
    Attack("memory, at every 30th import", before="""
        import sys
        sys.loads = getattr(sys, "loads", 0) + 1
        while sys.loads % 30 == 0: sys.kept = [bytearray(10**8), getattr(sys, "kept", None)]
    """, may_lose=True),
]  # fmt: skip
