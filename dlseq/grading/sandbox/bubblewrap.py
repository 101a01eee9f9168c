"""The bubblewrap command line that confines the sandbox process, and the file system that is visible inside."""

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import dlseq
from dlseq.errors import DlseqError
from dlseq.grading.worker.confinement import SCRATCH_FOLDER
from dlseq.grading.worker.environment import worker_environment

__all__ = [
    "COURSE_FOLDER",
    "INTERPRETER_OPTIONS",
    "ISOLATION_ADVICE",
    "NOBODY_UID",
    "VISIBLE_FILES",
    "SandboxError",
    "bubblewrap_command",
    "check_hidden",
]

NOBODY_UID = 65534
INTERPRETER_OPTIONS = ("-P", "-s")  # -I without -E: PYTHONHASHSEED is one of the fixed settings
COURSE_FOLDER = "/course"  # folder of the visible part of dlseq, inside
SCRATCH_BYTES = 64 * 2**20  # for the sandbox process; workers mount their own
MAX_LINKS = 40  # in a chain of symbolic links, as in Linux

# Files of dlseq that a submission can read: what exercises import, and the worker. No solution of an exercise.
VISIBLE_FILES = (
    "__init__.py",
    "errors.py",
    "files.py",
    "startup.py",
    "course/__init__.py",
    "course/given/**/*.py",
    "data/**/*.py",
    "data/**/*.txt",
    "data/scenes/sprites/*.json",
    "data/scenes/sprites/*.png",
    "grading/__init__.py",
    "grading/worker/**/*.py",
    "kernels/**/*.py",
)
PREFIX_PARTS = ("bin", "lib", "lib32", "lib64", "pyvenv.cfg")
INSTALLED_PACKAGES = tuple(  # in a folder of libraries, and in a prefix
    f"{parent}python3*/*-packages/{name}" for parent in ("", "lib/", "lib64/") for name in ("dlseq", "dlseq-*.egg")
)
SYSTEM_LIBRARIES = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/etc/ld.so.cache")
ISOLATION_ADVICE = (
    "Submissions are confined by bubblewrap, which needs Linux with user namespaces. For people you trust there is "
    "--isolation process, which does not confine them and says so in every result."
)


class SandboxError(DlseqError):
    """The sandbox cannot be set up on this machine, or its process has exited."""


def bubblewrap_command(folder: Path) -> list[str]:
    """Build the command line of a confined Python interpreter.

    Inside there are read-only libraries, a scratch folder as the only writable place, and no network.

    Args:
        folder: Existing folder, for a copy of the visible files of dlseq.

    Returns:
        The arguments, up to those of the interpreter.

    Raises:
        SandboxError: Bubblewrap is not installed.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxError(
            "Grading needs bubblewrap, which is not installed: apt-get install bubblewrap (or your system's package of "
            f"that name). {ISOLATION_ADVICE}"
        )
    libraries = [*SYSTEM_LIBRARIES, *_interpreter_paths()]
    arguments = [*_namespace_arguments(), *_library_arguments(libraries)]
    arguments += ["--ro-bind", str(_copy_visible_files(folder)), COURSE_FOLDER]
    arguments += ["--dev", "/dev", "--dev-bind", "/dev/null", "/dev/zero"]  # shared zero pages would escape the limits
    arguments += ["--size", "4096", "--perms", "0555", "--tmpfs", "/dev/pts"]  # pseudoterminals have buffers
    arguments += ["--remount-ro", "/dev/pts", "--remount-ro", "/dev", "--proc", "/proc"]
    arguments += ["--perms", "1777", "--size", str(SCRATCH_BYTES), "--tmpfs", SCRATCH_FOLDER]
    if not any(Path(path).is_relative_to("/tmp") for path in libraries):
        arguments += ["--symlink", SCRATCH_FOLDER, "/tmp"]
    arguments += ["--remount-ro", "/", "--chdir", SCRATCH_FOLDER]
    arguments += ["--clearenv"]
    for name, value in worker_environment(SCRATCH_FOLDER).items():
        arguments += ["--setenv", name, value]
    return [program, *arguments, "--", sys.executable, *INTERPRETER_OPTIONS]


def _namespace_arguments():
    """Session, namespaces and capabilities."""
    arguments = ["--die-with-parent", "--new-session", "--hostname", "worker"]
    arguments += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() == 0:  # the sandbox process itself changes to the user `nobody`
        return [*arguments, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    user = ["--uid", str(NOBODY_UID), "--gid", str(NOBODY_UID)]
    return [*arguments, "--unshare-user", *user, "--cap-drop", "ALL"]


def _library_arguments(libraries):
    """Read-only system libraries and interpreter; an installed dlseq is covered by an empty folder."""
    arguments = []
    for path in map(Path, ("/lib", "/lib32", "/lib64", "/libx32")):
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    for parent in sorted({str(parent) for path in libraries for parent in Path(path).parents} - {"/"}):
        arguments += ["--perms", "0755", "--dir", parent]
    for path in libraries:
        arguments += ["--ro-bind-try", path, path]
    for path in _hidden_folders():
        arguments += ["--perms", "0555", "--tmpfs", path]
    return arguments


def _interpreter_paths() -> list[str]:
    """Return the folders and files of this interpreter and its installed packages, outermost first.

    Of a prefix only the parts that Python needs: a virtual environment may stand in the root of the course.
    """
    executable = Path(sys.executable)
    paths = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths |= {*_link_chain(executable), executable.resolve(), executable.parent.parent / "pyvenv.cfg"}
    for prefix in {Path(sys.prefix), Path(sys.base_prefix)} - {Path("/usr"), Path("/")}:
        paths |= {prefix / name for name in PREFIX_PARTS if not (prefix / name).is_symlink()}
    found = sorted({str(path) for path in paths if path.exists()}, key=len)
    return [path for n, path in enumerate(found) if not any(Path(path).is_relative_to(other) for other in found[:n])]


def _link_chain(path):
    """Return the path and each target on the way to a file: Debian's `python3` links to `python3.11`."""
    chain = [path]
    while chain[-1].is_symlink() and len(chain) < MAX_LINKS:
        chain.append(chain[-1].parent / chain[-1].readlink())
    return chain


def _hidden_folders() -> list[str]:
    """Return the visible folders that hold an installed dlseq, of this version or another, with its solutions."""
    visible = [Path(path) for path in (*SYSTEM_LIBRARIES, *_interpreter_paths())]
    folders = {folder for path in visible for pattern in INSTALLED_PACKAGES for folder in path.glob(pattern)}
    folders |= {path / "dlseq" for path in visible if path.name.endswith("-packages")}
    package = Path(dlseq.__file__).resolve().parent
    folders |= {package} if any(package.is_relative_to(path) for path in visible) else set()
    return sorted({str(folder) for folder in folders if folder.is_dir() and not folder.is_symlink()})


def check_hidden(paths: Iterable[Path]) -> None:
    """Check that confined submissions cannot see some files.

    Args:
        paths: of graded tests, solutions, submissions and results.

    Raises:
        SandboxError: one of them lies in a folder of the interpreter or its libraries.
    """
    visible = {path: Path(path).resolve() for path in (*SYSTEM_LIBRARIES, *_interpreter_paths())}
    hidden = [Path(path).resolve() for path in _hidden_folders()]
    for path in paths:
        place = Path(path).resolve()
        if any(place.is_relative_to(folder) for folder in hidden):
            continue
        if seen := [shown for shown, folder in visible.items() if place.is_relative_to(folder)]:
            raise SandboxError(
                f"Cannot hide {path} from submissions, since it lies in {seen[0]}, which Python needs. Move it, or "
                "use a virtual environment elsewhere."
            )


def _copy_visible_files(folder: Path) -> Path:
    """Copy the visible files of dlseq into a new folder, readable for all users, and return it."""
    source, tree = Path(dlseq.__file__).parent, folder / "course"
    for pattern in VISIBLE_FILES:
        for file in source.glob(pattern):
            copy = tree / "dlseq" / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    for path in [tree, *tree.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return tree
