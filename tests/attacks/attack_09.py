"""Writing, replacing, chmod-ing, linking the result files, the database, the report."""

from building import Attack

WRITE = """
import glob, os, shutil
def ruin(act):
    for path in [OUT, OUT + "/results", OUT + "/run.json", OUT + "/junit.xml", OUT + "/report.html", CLASS, OUTSIDE,
                 *(f"{OUT}/results/n{n:02}x{k:02}.json" for n in (0, 1, 9, 99) for k in range(3)),
                 *(f"{CLASS}/n{n:02}x00/language_model.py" for n in (9, 10, 11)), "/course/dlseq/grading/plain.py",
                 "/dev/shm", os.__file__, np.__file__, "/results.json", "/autograder/results/results.json"]:
        try:
            act(path)
        except OSError:
            pass
"""
ACTS = {
    "writes": 'lambda path: open(path, \'w\').write(\'{"earned": 100, "status": "passed"}\')',
    "makes folders for them": "lambda path: (os.makedirs(os.path.dirname(path)), open(path + '/x', 'w'))",
    "replaces": "lambda path: os.replace(__file__ if os.path.exists(__file__) else '/scratch/mine', path)",
    "chmods": "lambda path: (os.chmod(path, 0), os.chown(path, 0, 0))",
    "links": "lambda path: (os.link(path, '/scratch/linked'), open('/scratch/linked', 'a').write('x'))",
    "removes": "lambda path: shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)",
    "renames and symlinks": "lambda path: (os.rename(path, path + '.old'), os.symlink('/dev/null', path))",
    "mounts over": "lambda path: __import__('ctypes').CDLL(None).mount(b'x', path.encode(), b'tmpfs', 0, 0)",
}
ATTACKS = [
    Attack(name, f"open('/scratch/mine', 'w').write('x'); ruin({act})", WRITE) for name, act in ACTS.items()
]  # fmt: skip
