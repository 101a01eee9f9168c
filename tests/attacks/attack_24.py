"""Archives with `../`, absolute paths, links, devices, bombs, colliding or odd names."""

import io
import tarfile
import zipfile

from building import Attack

FULL = '{"earned": 100.0, "status": "passed"}'


def outside_of(text):
    return text.split("OUTSIDE = ", 1)[1].split("\n", 1)[0].strip("'")


def zipped(**more):
    """A zip of the answer and whatever else: name -> bytes, or a function of the folder outside."""

    def pack(path, text):
        with zipfile.ZipFile(f"{path}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("language_model.py", text)
            for name, content in more.get("members", lambda outside: {})(outside_of(text)).items():
                archive.writestr(name, content)

    return pack


def tarred(members):
    """A tar of the answer and members: (name, kind, where it leads)."""

    def pack(path, text):
        with tarfile.open(f"{path}.tar.gz", "w:gz") as archive:
            for name, kind, link in members(outside_of(text)):
                member = tarfile.TarInfo(name)
                member.type, member.linkname = kind, link
                archive.addfile(member)
            member = tarfile.TarInfo("language_model.py")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))

    return pack


def dots(outside):
    return {
        f"{'../' * 12}{outside}/dots": "x",
        "../n00x00/language_model.py": "",
        "..\\..\\x": "",
        "../../run.json": FULL,
    }


def absolute(outside):
    return {f"{outside}/absolute": "x", "/tmp/absolute": "x", "C:\\x": "x", "//server/x": "x"}


def odd(outside):
    names = (
        "\x1b[2J.txt",
        "a" * 250,
        "con",
        "\u202egnp.py",
        " ",
        "-rf",
        "n00x00.json",
        "x\nwrote 100/100",
        "[bold]x[/]",
    )
    return dict.fromkeys(names, "x")


def bomb(outside):
    return {f"{n}.txt": bytes(30 * 2**20) for n in range(4)} | {f"{n}/{n}": "" for n in range(3000)}


LINKS = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]


def links(outside):
    yield from ((f"link{n}", kind, f"{outside}") for n, kind in enumerate(LINKS))
    yield from (("up", tarfile.SYMTYPE, "../../../.."), ("up/tmp/through", tarfile.DIRTYPE, ""))
    yield ("recurrent_network.py", tarfile.SYMTYPE, "/etc/passwd")


ATTACKS = [
    Attack("../ in a zip", pack=zipped(members=dots)),
    Attack("absolute paths in a zip", pack=zipped(members=absolute)),
    Attack("odd names in a zip", pack=zipped(members=odd)),
    Attack("a bomb in a zip", pack=zipped(members=bomb), refused=True),
    Attack("links, devices and pipes in a tar", pack=tarred(links)),
    Attack("devices and links in a folder", files={"a" * 200 + ".py": "", "junk\n.py": "raise SystemExit"}),
]
