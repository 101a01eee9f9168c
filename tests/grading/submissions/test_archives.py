"""Hostile archives are listed or refused within bounds of time and memory."""

import builtins
import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlseq.errors import DataError
from dlseq.grading.submissions import archives
from dlseq.grading.submissions.archives import list_archive
from dlseq.grading.submissions.limits import CLASS_LIMITS, MAX_CODE_BYTES, SUBMISSION_LIMITS

PY = "attention_layer.py"


def zipped(*members, compression=zipfile.ZIP_DEFLATED):
    """Return a zip of (name or ZipInfo, content)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def tarred(*members, form=tarfile.PAX_FORMAT, pack=bytes):
    """Return a compressed tar of (name or TarInfo, content)."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return pack(file.getvalue())


def list_bytes(data, limits=SUBMISSION_LIMITS):
    return list_archive(io.BytesIO(data), limits)


def read(data, path=PY, limits=SUBMISSION_LIMITS):
    (member,) = [member for member in list_bytes(data, limits) if member.path == path]
    return member.read(MAX_CODE_BYTES)


KINDS = {
    "zip": zipped,
    "stored zip": lambda *members: zipped(*members, compression=zipfile.ZIP_STORED),
    "tar": tarred,
    "GNU tar": lambda *members: tarred(*members, form=tarfile.GNU_FORMAT),
    "ustar": lambda *members: tarred(*members, form=tarfile.USTAR_FORMAT),
    "tar.gz": lambda *members: tarred(*members, pack=gzip.compress),
    "tar.bz2": lambda *members: tarred(*members, pack=bz2.compress),
    "tar.xz": lambda *members: tarred(*members, pack=lzma.compress),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content", [b"", b"x = 1\n", b"#" * 511, b"#" * 512, b"#" * 513, bytes(range(256)) * 4000])
def test_every_archive_format_round_trips(kind, content):
    data = KINDS[kind](("notes.txt", b"n" * 1000), (f"ada/{PY}", content), ("data.bin", b"\0" * 512), (PY, b"end"))
    members = {member.path: member for member in list_bytes(data)}
    assert list(members) == ["notes.txt", f"ada/{PY}", "data.bin", PY]
    assert members[f"ada/{PY}"].read(5_000_000) == content and members[PY].read(5_000_000) == b"end"


@pytest.mark.parametrize("kind", ["tar", "GNU tar", "zip"])
@pytest.mark.parametrize("name", ["é/" + PY, "x" * 200 + "/" + PY, "李/小/" * 30 + PY, "a b\n\u202e.py"])
def test_long_and_foreign_names_are_read_in_full(kind, name):
    if name.count("/") > 30:
        name = name[-60:]
    assert [member.path for member in list_bytes(KINDS[kind]((name, b"x")))] == [name]


def test_utf_8_without_the_flag_is_read():
    data = zipped(("n_e.py", b"x")).replace(b"n_e.py", "né.p".encode() + b"y")
    assert [member.path for member in list_bytes(data)] == ["né.py"]


def zip_of_bytes(*names, extra=b""):
    """Return a zip whose names are bytes without the flag for UTF-8, as programs before Unicode write it."""
    data, table = b"", b""
    for number, name in enumerate(names):
        content = b"%d" % number
        sizes = (zlib.crc32(content), len(content), len(content), len(name))
        header = struct.pack("<HHHHHLLLHH", 20, 0, 0, 0, 0, *sizes, len(extra))
        table += b"PK\1\2" + struct.pack("<H", 20) + header + bytes(10) + struct.pack("<L", len(data)) + name + extra
        data += b"PK\3\4" + header + name + extra + content
    return data + table + b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, len(names), len(names), len(table), len(data), 0)


def tar_of_bytes(*names):
    return tarred(*((name.decode("utf-8", "surrogateescape"), b"%d" % number) for number, name in enumerate(names)))


ENCODED = {
    "cp932": [
        "ソ_" + PY,
        "ソラ_" + PY,
        "表/" + PY,
        "能/" + PY,
        "bob_" + PY,
    ],  # 0x5C is in ソ, 表 and 能
    "cp950": ["許功/" + PY, "許功蓋/" + PY, "bob/" + PY],
    "gbk": ["王小明/" + PY, "李娜/" + PY],
    "cp949": ["김민수/" + PY, "이서연/" + PY],
    "cp437": ["Zoë/" + PY, "Müller/" + PY],
    "cp850": ["Bjørn Åse/" + PY, "João/" + PY],
    "cp1252": ["René/" + PY, "Åsa Öberg/" + PY],
    "cp866": ["Иван Петров/" + PY],
}


@pytest.mark.parametrize("pack", [zip_of_bytes, tar_of_bytes])
@pytest.mark.parametrize("codec", ENCODED)
def test_names_in_old_encodings_are_read(codec, pack):
    """A student once disappeared: the name was cut at a byte that is a backslash in ASCII and half of a letter here."""
    data = pack(*(name.encode(codec) for name in ENCODED[codec]))
    assert [member.path for member in list_bytes(data)] == ENCODED[codec]
    assert [member.read(9) for member in list_bytes(data)] == [b"%d" % number for number in range(len(ENCODED[codec]))]


def test_half_a_letter_is_no_separator_where_the_encoding_is_unknown():
    names = [*(name.encode("cp932") for name in ("ソ", "ソラ")), "René".encode("cp1252"), b"\xff\xfe"]
    members = list_bytes(zip_of_bytes(*(name + b"_" + PY.encode() for name in names)))
    assert len({member.path for member in members}) == len(names) and all(len(member.parts) == 1 for member in members)


@given(st.sets(st.binary(min_size=1, max_size=6).filter(lambda name: not set(name) & set(b"./\0:")), max_size=5))
@settings(max_examples=200, deadline=None)
def test_no_name_of_any_bytes_disappears(names):
    names = [b"x%sx" % name for name in names if b"\\\\" not in name]
    members = list_bytes(zip_of_bytes(*(name + b"/" + PY.encode() for name in names))) if names else []
    assert len(members) == len(names) == len({member.path for member in members})


def unicode_path(name, text, version=1):
    field = struct.pack("<BL", version, zlib.crc32(name)) + text.encode()
    return struct.pack("<HH", 0x5455, 1) + b"\1" + struct.pack("<HH", 0x7075, len(field)) + field


def test_the_unicode_path_of_a_zip_counts_if_it_is_of_its_name():
    name, text = b"???/a.py", "王小明/a.py"
    for extra, expected in [
        (unicode_path(name, text), text),
        (unicode_path(b"other", text), "???/a.py"),
        (unicode_path(name, text, version=2), "???/a.py"),
        (unicode_path(name, "../../a.py"), "../../a.py"),
    ]:
        (member,) = list_bytes(zip_of_bytes(name, extra=extra))
        assert member.path == expected and member.outside == expected.startswith("..")


@pytest.mark.parametrize("kind", ["zip", "tar", "GNU tar"])
@pytest.mark.parametrize(
    "name",
    [
        "../" + PY,
        "ada/../../" + PY,
        "ada/..",
        "/etc/" + PY,
        "//host/" + PY,
        "C:/" + PY,
        "c:" + PY,
        "..\\" + PY,
        "ada\\..\\..\\" + PY,
        "\\\\host\\" + PY,
        "\\" + PY,
    ],
)
def test_a_path_out_of_the_archive_is_refused(kind, name):
    (member,) = list_bytes(KINDS[kind]((name, b"x")))
    assert member.outside and member.refused == "leads out of the archive" and member.read is None


def test_a_name_that_ends_at_a_nul_is_not_cut():
    data = zipped((PY + "_jpg", b"x")).replace(b"_jpg", b"\0jpg")
    (member,) = list_bytes(data)
    assert member.outside


def test_backslashes_separate_folders():
    assert read(zipped((f"ada\\{PY}", b"x")), f"ada/{PY}") == b"x"


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"Z"]
)
def test_links_and_devices_of_a_tar_are_refused(kind):
    info = tarfile.TarInfo("odd.py")
    info.type, info.linkname = kind, "/etc/passwd"
    members = list_bytes(tarred((info, b""), (PY, b"x")))
    assert [bool(member.refused) for member in members] == [True, False]
    assert ("is a link" in members[0].refused) == (kind in (tarfile.SYMTYPE, tarfile.LNKTYPE))
    assert members[0].read is None and members[1].read(10) == b"x"


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_devices_of_a_zip_are_refused(mode):
    info = zipfile.ZipInfo(PY)
    info.create_system, info.external_attr = 3, (mode | 0o777) << 16
    (member,) = list_bytes(zipped((info, b"/etc/passwd")))
    assert member.refused and member.read is None
    assert ("link" in member.refused) == (mode == stat.S_IFLNK)


@pytest.mark.parametrize("fields", [{"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}, {"GNU.sparse.size": "9"}])
def test_a_tar_with_a_sparse_file_is_refused(fields):
    """`tarfile` would read the map of the file into a list, ten times its size, at a megabyte a second."""
    info = tarfile.TarInfo("holes.py")
    info.pax_headers = fields
    with pytest.raises(DataError, match="sparse file; pack it as a zip"):
        list_bytes(tarred((info, b"0\n"), (PY, b"x")))


def test_a_tar_with_a_sparse_file_of_the_old_format_is_refused():
    with pytest.raises(DataError, match="sparse file; pack it as a zip"):
        list_bytes(header("holes.py", tarfile.GNUTYPE_SPARSE, b"00000000000\0") + tarred((PY, b"x")))


def test_a_file_that_mentions_sparse_files_is_read():
    assert read(tarred((PY, b"GNU.sparse.major"))) == b"GNU.sparse.major"


def test_a_member_with_a_password_is_refused():
    data = bytearray(zipped((PY, b"x")))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + offset] |= 1
    (member,) = list_bytes(bytes(data))
    assert "password" in member.refused


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_unusual_compression_methods_are_refused(method):
    """With LZMA a header can request gigabytes of memory."""
    (member,) = list_bytes(zipped((PY, b"x"), compression=method))
    assert "unusual" in member.refused


def test_a_wrong_checksum_costs_its_own_member_alone():
    data = zipped((PY, b"x = 1"), ("b.py", b"y = 2"), compression=zipfile.ZIP_STORED).replace(b"x = 1", b"x = 2")
    good = {member.path: member for member in list_bytes(data)}
    assert good["b.py"].read(10) == b"y = 2"
    with pytest.raises(DataError, match="is damaged"):
        good[PY].read(10)


def test_names_that_differ_between_table_and_member_are_damage():
    data = zipped((PY, b"x")).replace(PY.encode(), b"b" * len(PY), 1)
    with pytest.raises(DataError, match="is damaged"):
        read(data)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.8])
def test_a_truncated_archive_is_refused(kind, part):
    content = bytes((n * n) % 251 for n in range(3000))
    data = KINDS[kind](*((f"{n}_{PY}", content + bytes([n])) for n in range(20)))
    with pytest.raises(DataError, match="is damaged or cut off"):
        list_bytes(data[: int(len(data) * part)])


def test_a_tar_without_its_end_is_refused():
    data = tarred((PY, b"x"))
    with pytest.raises(DataError, match="cut off"):
        list_bytes(data[:1024])


@pytest.mark.parametrize("data", [b"", b"P", b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"text" * 1000, b"\xff" * 2000])
def test_other_files_are_refused(data):
    with pytest.raises(DataError, match="is damaged or cut off"):
        list_bytes(data)


@pytest.mark.parametrize("start", [b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"])
def test_unsupported_archive_formats_are_named(start):
    with pytest.raises(DataError, match="pack the files as a zip"):
        list_bytes(start + bytes(100))


def test_zip_members_that_overlap_are_refused():
    """A zip bomb that lists one member many times."""
    data = zipped((PY, b"0" * 1000))
    table, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    entries = data[table:end] * 3
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3, 3, len(entries), table, 0)
    with pytest.raises(DataError, match="overlap"):
        list_bytes(data[:table] + entries + tail)


def test_a_zip_member_that_overlaps_the_directory_is_refused():
    data = bytearray(zipped((PY, b"0" * 1000)))
    struct.pack_into("<L", data, data.index(b"PK\1\2") + 20, 60)
    with pytest.raises(DataError, match="overlap"):
        list_bytes(bytes(data))


def peak(work):
    """Return the peak memory of a call in bytes."""
    tracemalloc.start()
    try:
        work()
    finally:
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return top


@pytest.mark.parametrize("lie", [False, True])
def test_a_zip_bomb_is_not_unpacked(lie):
    """200 MB of zeros in one member; with the lie its header claims ten bytes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(deflate.compress(bytes(10_000_000)) for _ in range(20)) + deflate.flush()
    data = bytearray(zipped((PY, b"0" * 10)))
    start, table = data.index(b"PK\3\4"), data.index(b"PK\1\2")
    size = 10 if lie else 200_000_000
    for place in (start + 18, table + 20):
        struct.pack_into("<2L", data, place, len(bomb), size)
    struct.pack_into("<L", data, data.index(b"PK\5\6") + 16, start + 30 + len(PY) + len(bomb))
    data[start + 30 + len(PY) : table] = bomb
    (member,) = list_bytes(bytes(data))

    def unpack():
        with pytest.raises(DataError, match="is damaged" if lie else "is larger than the 5,000,000 bytes"):
            member.read(5_000_000)

    assert peak(unpack) < 2_000_000


@pytest.mark.parametrize("kind", ["tar.gz", "tar.bz2", "tar.xz"])
def test_a_tar_bomb_is_not_unpacked(kind, monkeypatch):
    monkeypatch.setattr(archives, "MIN_BOMB_BYTES", 1_000_000)
    data = KINDS[kind](("zeros.bin", bytes(5_000_000)), (PY, b"x"))

    def unpack():
        for limits in (SUBMISSION_LIMITS, CLASS_LIMITS):
            with pytest.raises(DataError, match="unpacks to too much"):
                list_bytes(data, limits)

    assert peak(unpack) < (12_000_000 if kind == "tar.xz" else 2_000_000)


def test_a_tar_with_little_compression_is_bounded_as_well():
    noise = b"".join(zlib.crc32(bytes([n % 256, n // 256])).to_bytes(4) for n in range(30_000))
    data = KINDS["tar.gz"](("noise.bin", noise), (PY, b"x"))
    assert read(data, limits=CLASS_LIMITS) == b"x"
    with pytest.raises(DataError, match="unpacks to too much"):
        list_bytes(data, replace(SUBMISSION_LIMITS, unpacked_bytes=100_000))


def test_xz_gets_no_more_memory_than_its_highest_level_needs():
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 2**29}]
    with pytest.raises(DataError, match="is damaged"):
        list_bytes(lzma.compress(tarred((PY, b"x")), filters=filters))


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_class_may_have_more_members_than_a_submission(kind):
    data = KINDS[kind](*((f"{n}.txt", b"") for n in range(SUBMISSION_LIMITS.members + 1)))
    assert len(list_bytes(data, CLASS_LIMITS)) == SUBMISSION_LIMITS.members + 1
    with pytest.raises(DataError, match="more than 2,000 members"):
        list_bytes(data)


def test_an_oversized_central_directory_is_not_read():
    """50,000 entries make two megabytes and a half; the archive is refused before they become objects."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    table = entry * 50_000
    data = b"PK\3\4" + bytes(26) + table + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 50_000, 50_000, len(table), 30, 0)

    def look():
        with pytest.raises(DataError, match="too many members"):
            list_bytes(data)

    assert peak(look) < 1_000_000


def header(name, kind, size):
    """Return a header block of a tar, with any size in it."""
    block = bytearray(tarfile.TarInfo(name).tobuf(tarfile.GNU_FORMAT))
    block[156:157] = kind
    block[124:136] = size
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + 256 + sum(block[156:]))
    return bytes(block)


@pytest.mark.parametrize("name", [PY, "a.bin"])
def test_a_negative_size_is_damage(name):
    with pytest.raises(DataError, match="is damaged"):
        list_bytes(header(name, b"0", b"\xff" * 10 + b"\xfe\0") + bytes(2048))


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K", b"X"])
def test_an_extended_header_of_gigabytes_is_not_read(kind):
    with pytest.raises(DataError, match="header that is too long"):
        list_bytes(header("a", kind, b"77777777777\0") + bytes(2048))


def with_pax_header(text):
    """Return a tar whose member has an extended header with any text."""
    block = header("a", b"x", b"%011o\0" % len(text)) + text.ljust(-len(text) % 512 + len(text), b"\0")
    return block + tarred((PY, b"x"))


@pytest.mark.parametrize("text", [b"0 path=a\n", b"12 size=-512\n", b"11 size=1e9\n", b"15 size=99999999\n"])
def test_an_extended_header_with_an_impossible_size_is_damage(text):
    with pytest.raises(DataError, match="is damaged or cut off"):
        list_bytes(with_pax_header(text))


@pytest.mark.parametrize("text", [b"99 path=a\n", b"path=a\n", b"-9 path=a\n", b"9" * 400, b"\xff" * 99])
def test_a_malformed_extended_header_does_not_rename_its_member(text):
    """`tarfile` ignores what it cannot parse, that of some releases refuses the archive; a name beyond is refused."""
    try:
        (member,) = list_bytes(with_pax_header(text))
    except DataError as error:
        assert "is damaged" in str(error)
        return
    assert member.outside or (member.path == PY and member.read(10) == b"x")


def test_digits_in_extended_headers_take_bounded_time():
    """Before Python 3.11.10 `tarfile` searched them with a pattern whose time grew with their square."""
    block = header("a", b"x", b"%011o\0" % 8192) + b"9" * 8192 + tarred((PY, b"x"))[:1024]
    started = time.perf_counter()
    with pytest.raises(DataError, match=r"header that is too long|is damaged"):
        list_bytes(block * 500 + tarred((PY, b"x")))
    assert time.perf_counter() - started < 20


def test_headers_upon_headers_are_damage():
    block = header("a", b"g", b"00000000000\0")
    with pytest.raises(DataError, match=r"is damaged|more than 2,000 members"):
        list_bytes(block * 9000 + tarred((PY, b"x")))


def test_headers_are_counted():
    block = header("a", b"g", b"00000000000\0") * 9 + tarred((PY, b"x"))[:1024]
    with pytest.raises(DataError, match="more than 10 members"):
        list_bytes(block * 9 + tarred((PY, b"x")), replace(SUBMISSION_LIMITS, members=10))


def test_a_damaged_header_does_not_hide_the_members_after_it():
    """`tarfile` alone would end the list there without an error."""
    data = bytearray(tarred(("a.py", b"x"), ("b.py", b"y"), ("c.py", b"z")))
    data[1024 + 150] ^= 1
    with pytest.raises(DataError, match="is damaged"):
        list_bytes(bytes(data))


def test_a_member_larger_than_the_archive_is_cut_off():
    with pytest.raises(DataError, match="cut off"):
        list_bytes(header("a.bin", b"0", b"77777777777\0") + bytes(2048))


def test_the_total_size_of_files_in_a_tar_is_bounded():
    data = tarred(("a.py", b"x" * 600), ("data.bin", b"x" * 5000), ("b.py", b"y" * 600))
    with pytest.raises(DataError, match="holds too much"):
        list_bytes(data, replace(SUBMISSION_LIMITS, kept_bytes=1000))


def test_a_large_member_costs_itself_alone():
    data = tarred((PY, bytes(MAX_CODE_BYTES + 1)), ("b.py", b"y"))
    members = {member.path: member for member in list_bytes(data, replace(SUBMISSION_LIMITS, kept_bytes=1000))}
    assert members["b.py"].read(10) == b"y"
    with pytest.raises(DataError, match="is larger than"):
        members[PY].read(MAX_CODE_BYTES)


def test_caches_and_hidden_files_are_not_listed():
    names = ["__MACOSX/._a.py", ".git/a.py", ".ipynb_checkpoints/a.py", "x/__pycache__/a.pyc", ".a.py", "venv/lib/a.py"]
    for kind in ("zip", "tar"):
        assert [member.path for member in list_bytes(KINDS[kind](*((name, b"") for name in [*names, "x/a.py"])))] == [
            "x/a.py"
        ]


@given(st.binary(max_size=600), st.sampled_from([b"PK\3\4", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0", b""]))
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise_anything_but_a_data_error(data, start):
    try:
        list_bytes(start + data)
    except DataError as error:
        assert str(error)


@given(st.sampled_from(["zip", "tar", "tar.gz"]), st.integers(0, 10_000), st.integers(0, 255))
@settings(max_examples=200, deadline=None)
def test_no_changed_byte_raises_anything_but_a_data_error(kind, place, value):
    data = bytearray(KINDS[kind]((f"é/{PY}", b"x = 1\n" * 5), ("b.txt", b"z" * 700)))
    data[place % len(data)] = value
    try:
        for member in list_bytes(bytes(data)):
            if member.read is not None:
                member.read(1000)
    except DataError as error:
        assert str(error)


def test_nothing_is_opened_on_disk(monkeypatch):
    data = [KINDS[kind]((f"../{PY}", b"x"), (f"ada/{PY}", b"y")) for kind in KINDS]

    def refuse(*arguments, **keywords):
        raise AssertionError(f"opened {arguments}")

    for module, name in ((builtins, "open"), (io, "open"), ("os", "open"), ("os", "mkdir")):
        monkeypatch.setattr(__import__(module) if isinstance(module, str) else module, name, refuse)
    for archive in data:
        assert read(archive, f"ada/{PY}") == b"y"
