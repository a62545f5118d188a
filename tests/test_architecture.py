"""The shape of the code: who imports whom, who touches the world, and where.

    cli -> deploy -> build -> {resolve, checks, render, package} -> kinds -> triggers -> model -> spec

Below deploy there are also terraform, local and client, which the layers beside them don't know.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "iotgen"
HANDLERS = PACKAGE.parent / "handlers"

# For each part of iotgen the parts that it may import, itself apart.
_GROUND = {"credentials", "errors", "problem", "system", "visible"}
_SPEC = {"spec", *_GROUND}
_MODEL = {"model", *_SPEC}
_KINDS = {"kinds", "triggers", "iot_sql", *_MODEL}
_STAGES = {"checks", "patch", "render", "package", "usage"}
_FILES = {"project", "output", "bundled", "reading"}
_BUILD = {"build", "resolve", *_STAGES, *_KINDS, *_FILES}
_REMOTE = {"terraform", "local", "client", "api_logs"}
_DEPLOY = {"deploy", "changes", "guard", "history", "operate", "review", *_REMOTE, *_BUILD}
MAY_IMPORT: dict[str, set[str]] = {
    "credentials": set(),
    "errors": set(),
    "problem": set(),
    "system": {"errors"},
    "visible": set(),
    "bundled": set(),
    "reading": set(),
    "formats": {"problem", "visible"},
    "spec": _GROUND,
    "iot_sql": {"spec"},
    "model": _SPEC,
    "triggers": {"iot_sql", *_MODEL},
    "kinds": {"triggers", "iot_sql", *_MODEL},
    "resolve": _KINDS,
    "checks": _KINDS | {"usage"},
    "usage": _KINDS,
    "patch": _SPEC,
    "render": _KINDS | {"patch"},
    "graph": _KINDS,
    "show": _KINDS | {"patch"},
    "package": _GROUND | {"reading"},
    "terraform": _GROUND,
    "client": _GROUND,
    "api_logs": _GROUND,
    "changes": _KINDS,
    "guard": _KINDS | {"terraform"},
    "review": _KINDS | {"patch", "terraform"},
    "history": _MODEL | {"reading"},
    "compare": _KINDS | {"resolve"},
    "cost": _KINDS,
    "revision": _GROUND | {"patch", "spec"},
    "local": _GROUND | {"reading", "terraform"},
    "output": _GROUND | {"reading"},
    "project": _MODEL | {"bundled", "patch", "reading"},
    "codes": {"bundled", "checks", "errors", "problem", "spec"},
    "sarif": {"codes", "problem"},
    "init": {"bundled", "errors", "project", "system"},
    "build": _BUILD - {"build"},
    "deploy": _DEPLOY - {"deploy", "changes", "guard", "review", "resolve", *_STAGES, "build"},
    "operate": _KINDS | {"api_logs"},
    "recording": {"deploy", "history", "build", "errors", "model", "patch", ""},
    "simulate": {"client", "errors"},
    "invoke": _KINDS | {"package"},
    "add": _KINDS | {"reading"},
    "dev": _KINDS | {"checks", "operate", "patch", "render", "review"},
    "prove": _KINDS | {"invoke"},
    "cli": {
        *_DEPLOY,
        "add",
        "codes",
        "compare",
        "cost",
        "dev",
        "formats",
        "graph",
        "init",
        "invoke",
        "operate",
        "prove",
        "recording",
        "revision",
        "sarif",
        "show",
        "simulate",
        "",
    },
    "__main__": {"cli"},
    "": set(),
}
# Text and paths come in as arguments; so a golden test is one function call.
PURE = (
    *("spec", "iot_sql", "model", "triggers", "kinds", "resolve", "checks", "patch", "render", "usage"),
    *("compare", "cost", "dev", "graph", "guard", "review", "show"),
)
WORLD = {
    "os", "pathlib", "io", "shutil", "tempfile", "glob", "subprocess", "socket", "http", "urllib.request",
    "requests", "boto3", "botocore", "time", "random", "secrets", "uuid", "getpass", "platform",
}  # fmt: skip
# The files that come with iotgen itself or that a loop watches, and what clients that come in raise.
ALLOWED = {
    "dev/alone.py": {"os", "pathlib"},
    "dev/watch.py": {"pathlib"},
    "guard/environments.py": {"botocore", "botocore.exceptions"},
    "guard/held.py": {"botocore", "botocore.exceptions"},
    "graph/page.py": {"pathlib"},
    "spec/schema.py": {"pathlib"},
    "patch/provider.py": {"pathlib"},
    "cost/prices.py": {"pathlib"},
    "cost/measured.py": {"pathlib"},
}
ACTS = {"open", "input", "print", "exec", "eval", "__import__", "breakpoint"}
# A date is data; which day it is today is not, and neither is what `sys` tells of this process.
READS = {
    "date.today", "datetime.now", "datetime.today", "datetime.utcnow", "sys.argv", "sys.stdin", "sys.stdout",
    "sys.stderr", "sys.exit", "sys.path", "sys.platform", "sys.executable", "sys.modules",
}  # fmt: skip

EXITS = ("print", "sys.exit", "exit", "quit")

MODULES = sorted(PACKAGE.rglob("*.py"))


def _part(module: str) -> str:
    """The part of iotgen that a dotted name belongs to: `iotgen.model.api` is of `model`."""
    return [*module.split("."), ""][1]


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_tree(path)))


@cache
def _imports(path: Path) -> frozenset[str]:
    """The modules that are imported in a file, also within functions."""
    found: set[str] = set()
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= set(_from(str(node.module), [name.name for name in node.names]))
    return frozenset(found)


def _from(module: str, names: list[str]) -> Iterator[str]:
    """What `from iotgen import names` imports: modules, where that is what they are."""
    for name in names:
        yield f"iotgen.{name}" if module == "iotgen" and name in MAY_IMPORT else module


def _shown(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _own_part(path: Path) -> str:
    head = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if head == "__init__" else head


def test_every_part_has_its_place_among_the_layers() -> None:
    assert {_own_part(path) for path in MODULES} == MAY_IMPORT.keys()


def test_imports_go_down_only() -> None:
    up = []
    for path in MODULES:
        own = _own_part(path)
        used = {_part(module) for module in _imports(path) if module.split(".")[0] == "iotgen"}
        up += [f"{_shown(path)} imports {part}" for part in sorted(used - {own} - MAY_IMPORT[own])]
    assert up == []


def test_the_layers_have_no_circle() -> None:
    done: set[str] = set()
    while left := MAY_IMPORT.keys() - done:
        free = {part for part in left if MAY_IMPORT[part] - {part} <= done}
        assert free, f"a circle among {sorted(left)}"
        done |= free


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Neither for its types, nor within a function: there a circle would only be hidden."""
    left = {_module(path): {name for name in _modules_of(path) if name != _module(path)} for path in MODULES}
    while free := {name for name, used in left.items() if not used & left.keys()}:
        left = {name: used for name, used in left.items() if name not in free}
    assert left == {}, "these are part of a circle, or import one"


def _module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


@cache
def _names() -> frozenset[str]:
    return frozenset(map(_module, MODULES))


def _modules_of(path: Path) -> Iterator[str]:
    """The modules that a file imports; `from package import module` names the module, not the package."""
    names = _names()
    for node in _nodes(path):
        if isinstance(node, ast.ImportFrom):
            whole = (f"{node.module}.{name.name}" for name in node.names)
            yield from (name if name in names else str(node.module) for name in whole)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_what_decides_does_not_act() -> None:
    acts = []
    for path in MODULES:
        if _own_part(path) in PURE:
            used = {name for module in _imports(path) for name in (module, module.split(".")[0])} & WORLD
            done = {*used - ALLOWED.get(_shown(path), set()), *_acts(path)}
            acts += [f"{_shown(path)} uses {name}" for name in sorted(done)]
    assert acts == []


def _acts(path: Path) -> Iterator[str]:
    for node in _nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ACTS:
            yield node.func.id
        if isinstance(node, ast.Attribute):
            name = ".".join(ast.unparse(node).split(".")[-2:])
            if name in READS:
                yield name


def test_the_simulator_could_be_a_distribution_of_its_own() -> None:
    """What it takes from iotgen is short and exported, and needs no part of the compiler."""
    taken = {
        (str(node.module), name.name)
        for path in MODULES
        if _own_part(path) == "simulate"
        for node in _nodes(path)
        if isinstance(node, ast.ImportFrom) and _part(str(node.module)) not in ("simulate", "")
        if str(node.module).startswith("iotgen")
        for name in node.names
    }
    assert taken == {
        *(("iotgen.client", name) for name in ("Credentials", "Response", "call", "refusal")),
        *(("iotgen.errors", name) for name in ("IotgenError", "RemoteError", "UsageError")),
    }
    needed, waiting = set(), {"simulate"}
    while waiting:
        part = waiting.pop()
        needed.add(part)
        files = [path for path in MODULES if _own_part(path) == part]
        used = {_part(name) for path in files for name in _imports(path) if name.split(".")[0] == "iotgen"}
        waiting |= used - needed
    assert needed == {"simulate", "client", "credentials", "errors", "system"}
    users = {_shown(path) for path in MODULES if any(_part(name) == "simulate" for name in _imports(path))}
    assert {path for path in users if not path.startswith("simulate/")} == {"cli/simulate.py"}


def test_there_is_one_type_of_credentials() -> None:
    kinds = {
        f"{_shown(path)}: {node.name}"
        for path in MODULES
        for node in _nodes(path)
        if isinstance(node, ast.ClassDef) and ("Credentials" in node.name or "secret_key" in _fields(node))
    }
    # The record is what a start leaves in its file.
    assert kinds == {"credentials.py: Credentials", "local/record.py: LocalAws"}


def _fields(kind: ast.ClassDef) -> set[str]:
    return {ast.unparse(node.target) for node in kind.body if isinstance(node, ast.AnnAssign)}


def test_one_place_words_what_the_system_refuses() -> None:
    worded = {
        _shown(path)
        for path in MODULES
        for node in _nodes(path)
        if (isinstance(node, ast.Attribute) and node.attr == "strerror")
        or (isinstance(node, ast.Constant) and node.value == "strerror")
    }
    assert worded == {"system.py"}


def test_only_one_part_runs_terraform() -> None:
    assert {_own_part(path) for path in MODULES if "python_terraform" in _imports(path)} == {"terraform"}


def test_only_the_command_line_prints_and_exits() -> None:
    """`embedded` and `serve` are programs of their own, which run in another process."""
    programs = ("terraform/embedded.py", "local/serve.py")
    prints = []
    for path in MODULES:
        if _own_part(path) not in ("cli", "__main__") and _shown(path) not in programs:
            calls = [ast.unparse(node.func) for node in _nodes(path) if isinstance(node, ast.Call)]
            prints += [f"{_shown(path)} calls {name}" for name in calls if name in EXITS]
            prints += [f"{_shown(path)} imports click"] * ("click" in _imports(path))
    assert prints == []


def test_a_handler_knows_nothing_of_iotgen() -> None:
    handlers = sorted(HANDLERS.rglob("*.py"))
    assert len(handlers) > 10
    assert [path for path in handlers if "iotgen" in {name.split(".")[0] for name in _imports(path)}] == []


def test_every_module_says_what_it_is() -> None:
    without = [_shown(path) for path in MODULES if not ast.get_docstring(_tree(path))]
    # A package's empty __init__ says it by its name; `iotgen` itself holds the version.
    assert [name for name in without if name not in ("__init__.py", "__main__.py")] == []


def test_nothing_is_called_utils() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "core", "base"}
    assert [_shown(path) for path in MODULES if path.stem in vague or path.parent.name in vague] == []


def test_only_one_module_uses_graphviz_and_only_one_command_draws() -> None:
    assert {_shown(path) for path in MODULES if "pygraphviz" in _imports(path)} == {"graph/graphviz.py"}
    users = {_shown(path) for path in MODULES if any(_part(name) == "graph" for name in _imports(path))}
    assert {path for path in users if not path.startswith("graph/")} == {"cli/graph.py"}
