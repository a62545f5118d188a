"""The modules of a container: what they hold is as it was first, whenever it is a new one."""

from pathlib import Path

import pytest

from iotgen.prove.modules import Code, Modules

HANDLER = """
count = 0
known = []
gone = "here"

def change():
    global count, known
    count += 1
    known.append(count)

def replace():
    global known
    known = [1]

def add():
    global more
    more = 1

def swap():
    global gone, more
    del gone
    more = 1
"""

CLASSES = """
class Memory:
    count = 0
    known = []
    __slots__ = ("name",)

def assign():
    Memory.count += 1

def append():
    Memory.known.append(1)

def add():
    Memory.instance = Memory()

def delete():
    del Memory.count

def replace():
    setattr(Memory, "known", [1])
"""


@pytest.fixture
def code(tmp_path: Path) -> Code:
    (tmp_path / "handler.py").write_text(HANDLER)
    return Code((tmp_path,), tmp_path)


@pytest.mark.parametrize("what", ["change", "replace", "add", "swap"])
def test_a_new_container_has_the_variables_that_it_had_first(code: Code, what: str) -> None:
    modules = Modules(code, {})
    handler = modules.load("handler")
    modules.remember()
    first = {**vars(handler)}
    getattr(handler, what)()
    assert {**vars(handler), "known": list(handler.known)} != {**first, "known": []}

    modules.reset()

    assert list(vars(handler).items()) == list(first.items())
    assert handler.known is first["known"]
    assert handler.known == []


@pytest.mark.parametrize(
    "statement",
    [
        "other.value = 1",
        "del other.value",
        "alias = other; alias.value = 1",
        "setattr(other, 'value', 1)",
        "vars(other)['value'] = 1",
        "other.__dict__['value'] = 1",
        "exec('value = 1', vars(other))",
        "(lambda module: setattr(module, 'value', 1))(other)",
        "import late",
    ],
)
def test_what_one_module_does_to_another_is_undone(tmp_path: Path, statement: str) -> None:
    (tmp_path / "other.py").write_text("value = 0")
    (tmp_path / "late.py").write_text("import other\nother.value = 1")
    (tmp_path / "handler.py").write_text(f"import other\ndef change():\n    {statement}\n")
    modules = Modules(Code((tmp_path,), tmp_path), {})
    handler = modules.load("handler")
    modules.remember()

    handler.change()
    assert getattr(handler.other, "value", None) != 0
    modules.reset()

    assert handler.other.value == 0


@pytest.mark.parametrize("what", ["assign", "append", "add", "delete", "replace"])
def test_a_new_container_has_the_classes_that_it_had_first(tmp_path: Path, what: str) -> None:
    (tmp_path / "handler.py").write_text(CLASSES)
    modules = Modules(Code((tmp_path,), tmp_path), {})
    handler = modules.load("handler")
    modules.remember()
    first = dict(vars(handler.Memory))
    getattr(handler, what)()
    assert {**vars(handler.Memory), "known": list(handler.Memory.known)} != {**first, "known": []}

    modules.reset()

    assert vars(handler.Memory) == first
    assert handler.Memory.known is first["known"]
    assert handler.Memory.known == []


def test_containers_have_variables_of_their_own(code: Code) -> None:
    one, other = Modules(code, {}).load("handler"), Modules(code, {}).load("handler")

    for _ in range(20):
        one.change()
    other.change()

    assert one.count == 20
    assert other.known == [1]


@pytest.mark.parametrize("statement", ["from package import late", "import package.late as late"])
def test_a_module_that_is_imported_late_is_loaded_in_each_container(tmp_path: Path, statement: str) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "package" / "late.py").write_text("calls = []")
    (tmp_path / "handler.py").write_text(
        f"import package\ndef calls():\n    {statement}\n    late.calls.append(1)\n    return late.calls"
    )
    modules = Modules(Code((tmp_path,), tmp_path), {})
    handler = modules.load("handler")
    modules.remember()

    for _ in range(3):
        assert handler.calls() == [1]
        assert handler.calls() == [1, 1]
        modules.reset()


def test_a_new_container_has_empty_caches(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text(
        "from functools import cache, lru_cache\n"
        "made = []\n"
        "@cache\ndef one():\n    made.append(1)\n"
        "class Other:\n"
        "    @lru_cache\n    def two(self): made.append(2)\n"
        "other = Other()\n"
    )
    modules = Modules(Code((tmp_path,), tmp_path), {})
    handler = modules.load("handler")
    modules.remember()

    for _ in range(2):
        for _ in range(2):
            handler.one()
            handler.other.two()
        assert handler.made == [1, 2]
        modules.reset()
