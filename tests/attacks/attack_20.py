"""Network, loopback, abstract sockets."""

from building import Attack

SEND = """
import os, socket, urllib.request
def send(family, address, kind=socket.SOCK_STREAM):
    try:
        with socket.socket(family, kind) as there:
            there.settimeout(0.5)
            there.connect(address)
            there.sendall(b"CANARY")
            return True
    except OSError:
        return False
"""
REACHED = "if {}: answer = 1 / 0"
TRIES = {
    "loopback": "send(socket.AF_INET, ('127.0.0.1', PORT)) or send(socket.AF_INET6, ('::1', PORT))",
    "the network": "send(socket.AF_INET, ('1.1.1.1', 53)) or send(socket.AF_INET, ('8.8.8.8', 53), socket.SOCK_DGRAM)",
    "an abstract socket": "send(socket.AF_UNIX, ABSTRACT) or send(socket.AF_UNIX, OUTSIDE + '/socket')",
    "raw packets, netlink and the kernel's ciphers": "any(send(*one) for one in ((16, (0, 0), 3), (17, ('lo', 3), 3), "
    "(38, ('hash', 'sha256'), 5)))",
    "sockets that came along": "any(os.path.exists(f'/proc/self/fd/{n}') or n == 3 and socket.socket(fileno=os.dup(3))"
    ".family != socket.AF_UNIX for n in range(20))",
}
ATTACKS = [Attack(name, REACHED.format(code), SEND) for name, code in TRIES.items()]
