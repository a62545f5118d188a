"""All stages on a small project: what is found, what is written, and what stays when something fails."""

# ruff: noqa: E501 - a case is a line

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

import iotgen.build
from iotgen.build import Built, Request, build, check
from iotgen.errors import IotgenError
from iotgen.output import MADE
from iotgen.package.archive import stored, write_zip
from iotgen.package.cache import cache_key, store
from iotgen.problem import Problem, Severity

SPEC = """\
version: 1
pipeline: small
tables: {t: {partition_key: {id: string}}}
functions:
  f: {source: handlers/f, access: {tables: {t: read}}}
endpoints:
  /a: {method: POST, function: f, body: handlers/body.json}
"""
HANDLER = "def handler(event, context): ...\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/pipeline.yaml").write_text(SPEC)
    (tmp_path / "handlers/f").mkdir(parents=True)
    (tmp_path / "handlers/f/handler.py").write_text(HANDLER)
    (tmp_path / "handlers/body.json").write_text('{"type": "object"}')
    return tmp_path


def _build(project: Path, suffix: str = "dev") -> Built:
    lines: list[str] = []
    return build(
        Request(project / "specs/pipeline.yaml", suffix, project / "out", project / "cache"), lines.append
    )


def _respell(project: Path, old: str, new: str) -> None:
    spec = project / "specs/pipeline.yaml"
    text = spec.read_text()
    assert old in text
    spec.write_text(text.replace(old, new))


def _said(problems: tuple[Problem, ...]) -> list[tuple[int, str, str]]:
    """The errors; advice is not looked at."""
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    return [(problem.line, problem.code, problem.message) for problem in errors]


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MADE
    }


def test_the_docstring_names_the_stages_in_the_order_in_which_they_run() -> None:
    documented = re.findall(r"^\d+\. +(\w+)", iotgen.build.__doc__ or "", re.MULTILINE)
    assert documented == [
        "read", "load", "overlay", "validate", "fill", "resolve", "check", "package", "render", "write"
    ]  # fmt: skip
    source = Path(iotgen.build.__file__).read_text(encoding="utf-8")
    calls = [
        r"project\.read_spec\(",
        r"= load\(",
        r"overlay\(written",
        r"resolve\(document",
        r"_findings\(document",
        r"_package\(pipeline, checked",
        r"= render\(",
        r"stage\.commit\(",
    ]
    checking = source[source.index("def _check_environment") : source.index("def _findings")]
    building = source[source.index("def build(") : source.index("def _check_environment")]
    reading = source[source.index("def check(") : source.index("def build(")]
    code = reading + checking + building
    places = [re.search(call, code) for call in calls]
    assert all(places), [call for call, place in zip(calls, places, strict=True) if not place]
    starts = [place.start() for place in places if place]
    assert starts == sorted(starts)
    assert "validate(overlay(written" in code


def test_what_is_written(project: Path) -> None:
    built = _build(project)
    assert _said(built.problems) == []
    assert built.folder == project / "out/dev"
    assert sorted(built.files) == sorted(_contents(built.folder))
    assert sorted(built.files) == [
        "alarms.tf.json", "api.tf.json", "artifacts/f.zip", "functions.tf.json", "main.tf.json",
        "outputs.tf.json", "tables.tf.json",
    ]  # fmt: skip
    assert built.pipeline
    assert built.pipeline.name == "small"


def test_what_is_written_has_no_path_of_this_machine(project: Path) -> None:
    built = _build(project)
    assert built.folder
    for name, content in _contents(built.folder).items():
        assert str(project).encode() not in content, name


def test_each_environment_has_a_folder_of_its_own(project: Path) -> None:
    _build(project)
    _build(project, "qa")
    names = (project / "out").glob("*/tables.tf.json")
    assert sorted(path.parent.name for path in names) == ["dev", "qa"]
    assert '"t-qa"' in (project / "out/qa/tables.tf.json").read_text()


def test_a_spec_at_fault_changes_nothing(project: Path) -> None:
    _build(project)
    before = _contents(project / "out")
    _respell(project, "t: read", "t: raed")
    built = _build(project)
    assert (built.folder, built.files) == (None, ())
    assert _said(built.problems) == [(5, "IOT104", '`t` cannot be "raed"; did you mean `read`?')]
    assert _contents(project / "out") == before


def test_a_spec_at_fault_makes_no_folder(project: Path) -> None:
    _respell(project, "version: 1", "version: 2")
    assert _build(project).folder is None
    assert not (project / "out").exists()


def test_an_override_at_fault_changes_nothing(project: Path) -> None:
    _build(project)
    before = _contents(project / "out")
    with (project / "specs/pipeline.yaml").open("a") as spec:
        spec.write("overrides: {aws_dynamodb_table.t: {ttll: null}}\n")
    built = _build(project)
    assert built.folder is None
    assert [found.code for found in built.problems if found.severity is Severity.ERROR] == ["IOT502"]
    assert _contents(project / "out") == before


def test_a_handler_that_cannot_be_packaged_changes_nothing(project: Path) -> None:
    _build(project)
    before = _contents(project / "out")
    (project / "handlers/f/round").symlink_to(".")
    with pytest.raises(IotgenError):
        _build(project)
    assert _contents(project / "out") == before


@pytest.mark.parametrize(
    ("link", "line"),
    [
        ("handlers/f", 7),
        ("handlers/f/outside.py", 7),
        ("handlers/f/folder", 7),
        ("handlers/shared", 7),
        ("handlers/body.json", 9),
        ("handlers/requirements.txt", 3),
        ("handlers/config.json", 4),
    ],
)
def test_no_path_leads_out_of_the_project(
    project: Path, tmp_path_factory: pytest.TempPathFactory, link: str, line: int
) -> None:
    more = (
        "layers: {l: {requirements: handlers/requirements.txt}}\n"
        "parameters: {c: {value: {}, schema: handlers/config.json}}\n"
    )
    _respell(project, "pipeline: small\n", f"pipeline: small\n{more}")
    _respell(project, "access: {", "include: [handlers/shared], access: {")
    (project / "handlers/shared").mkdir()
    (project / "handlers/shared/x.py").touch()
    for name in ("requirements.txt", "config.json"):
        (project / "handlers" / name).write_text("{}")
    path = project / link
    if path.exists():
        path.rename(project / "aside")
    path.symlink_to(tmp_path_factory.mktemp("outside"))
    problems = check(project / "specs/pipeline.yaml", "dev").problems
    told = [
        (one.line, one.code, one.message) for one in problems if one.code in ("IOT301", "IOT303", "IOT318")
    ]
    assert told == [(line, "IOT318", f"`{link}` leads out of the project through a symbolic link")]


def test_a_link_that_stays_in_the_project_is_followed(project: Path) -> None:
    (project / "handlers/lib").mkdir()
    (project / "handlers/lib/__init__.py").write_text("x = 1\n")
    (project / "handlers/f/lib").symlink_to("../lib")
    (project / "handlers/f/.#handler.py").symlink_to("/nowhere/at/all")
    (project / "handlers/f/handler.py").write_text(f"from lib import x\n{HANDLER}")
    assert _said(check(project / "specs/pipeline.yaml", "dev").problems) == []
    assert _build(project).folder


def test_a_new_handler_is_a_new_zip_and_a_new_hash_and_nothing_else(project: Path) -> None:
    _build(project)
    before = _contents(project / "out/dev")
    (project / "handlers/f/handler.py").write_text(HANDLER + "# new\n")
    _build(project)
    after = _contents(project / "out/dev")
    assert {name for name in after if after[name] != before[name]} == {"artifacts/f.zip", "functions.tf.json"}


def test_another_pipeline_does_not_take_a_deployed_folder(project: Path) -> None:
    _build(project)
    (project / "out/dev/terraform.tfstate").write_text("{}")
    _respell(project, "pipeline: small", "pipeline: other")
    with pytest.raises(IotgenError, match="the pipeline `small` is deployed from"):
        _build(project)


def test_problems_of_every_environment_are_found_each_once(project: Path) -> None:
    with (project / "specs/pipeline.yaml").open("a") as spec:
        spec.write(
            "environments:\n"
            "  prod: {tables: {t: {tll: expires_at}}, queues: {q: {max_receives: 0}}}\n"
            "  qa: {functions: {f: {memory: 64}}}\n"
        )
    _respell(project, "source: handlers/f", "source: elsewhere")
    assert _said(check(project / "specs/pipeline.yaml", "dev").problems) == [
        (5, "IOT301", "there is no folder `elsewhere`"),
        (9, "IOT101", "`tll` is not a setting of a table; did you mean `ttl`?"),
        (9, "IOT104", "`max_receives` must be at least 1"),
        (10, "IOT104", "`memory` must be at least 128"),
    ]


def test_all_faults_of_one_place_are_told(project: Path) -> None:
    _respell(project, "{method: POST, function: f, body: handlers/body.json}", "{}")
    assert _said(check(project / "specs/pipeline.yaml", "dev").problems) == [
        (7, "IOT103", "`/a` needs `function`"),
        (7, "IOT103", "`/a` needs `method`"),
    ]


def test_what_is_written_once_for_several_functions_is_told_once(project: Path) -> None:
    function = "f: {source: handlers/f, access: &own {allow: [{actions: ['iot:*'], resources: '*'}]}}"
    aliases = "\n  ".join(f"{key}: {{source: handlers/f, access: *own}}" for key in "ghi")
    _respell(project, "f: {source: handlers/f, access: {tables: {t: read}}}", f"{function}\n  {aliases}")
    found = check(project / "specs/pipeline.yaml", "dev").problems
    assert [problem.message for problem in found if problem.code == "IOT420"] == [
        "`iot:*` allows every action that it matches",
        "`*` allows `iot:*` on every resource",
    ]


def test_a_number_of_an_anchor_is_one_problem_however_many_functions_have_it(project: Path) -> None:
    functions = "\n  ".join(
        f"{key}: {{source: handlers/f, reserved_concurrency: {number}, triggers: [{{queue: q}}]}}"
        for key, number in (("g", "&few 3"), ("h", "*few"))
    )
    _respell(project, "functions:\n", f"queues: {{q: {{}}}}\nfunctions:\n  {functions}\n")
    found = check(project / "specs/pipeline.yaml", "dev").problems
    assert [problem.code for problem in found].count("IOT346") == 1


def test_an_unpinned_requirement_is_told_in_its_own_file(project: Path) -> None:
    (project / "handlers/requirements.txt").write_text("# libraries\nrequests>=2\n")
    _respell(project, "functions:\n", "layers: {l: {requirements: handlers/requirements.txt}}\nfunctions:\n")
    problems = check(project / "specs/pipeline.yaml", "dev").problems
    assert ("handlers/requirements.txt", 2, "IOT205") in {
        (problem.file, problem.line, problem.code) for problem in problems
    }


def test_problems_are_sorted_by_place(project: Path) -> None:
    _respell(project, "tables: {t: {p", "tabels: {t: {p")
    _respell(project, "source: handlers/f", "source: elsewhere")
    _respell(project, "method: POST", "method: PSOT")
    problems = check(project / "specs/pipeline.yaml", "dev").problems
    assert [line for line, *_ in _said(problems)] == [3, 5, 7]
    assert list(problems) == sorted(problems)


def test_a_requirements_file_with_nothing_in_it_is_told(tmp_path: Path) -> None:
    spec = tmp_path / "specs/pipeline.yaml"
    spec.parent.mkdir()
    spec.write_text("version: 1\npipeline: p\nlayers: {l: {requirements: handlers/requirements.txt}}\n")
    (tmp_path / "handlers").mkdir()
    (tmp_path / "handlers/requirements.txt").write_text("")
    told = [problem.message for problem in check(spec, "dev").problems if problem.code == "IOT205"]
    assert told == ["no package is listed: the layer would be empty"]


REQUIREMENTS = f"some-strange-thing==1.0 --hash=sha256:{'0' * 64}\n"


def _with_a_layer(project: Path, imported: str) -> None:
    """A function whose layer, which is built already, has the module `odd` and the package `strange`."""
    (project / "handlers/requirements.txt").write_text(REQUIREMENTS)
    (project / "handlers/f/handler.py").write_text(f"import {imported}\n{HANDLER}")
    _respell(project, "functions:\n", "layers: {l: {requirements: handlers/requirements.txt}}\nfunctions:\n")
    _respell(project, "source: handlers/f,", "source: handlers/f, layers: [l],")
    entries = [stored("python/odd.py", b""), stored("python/strange/__init__.py", b"")]
    key = cache_key(REQUIREMENTS.encode(), "python3.13", "x86_64")
    store(project / "cache/layers", key, lambda out: write_zip(out, entries))


@pytest.mark.parametrize("imported", ["odd", "strange.part"])
def test_what_a_layer_has_can_be_imported(project: Path, imported: str) -> None:
    _with_a_layer(project, imported)
    assert _build(project).folder


def test_a_warning_that_a_built_layer_confirms_is_an_error(project: Path) -> None:
    _with_a_layer(project, "numpy")
    spec = project / "specs/pipeline.yaml"
    assert _said(check(spec, "dev").problems) == []
    built = _build(project)
    assert built.folder is None
    message = "no module `numpy` in the zip, a layer or the runtime: `f` cannot be loaded"
    assert _said(built.problems) == [(1, "IOT306", message)]
    assert not (project / "out/dev").exists()

    _respell(project, "layers: [l],", "layers: [l],  # iotgen: ignore IOT306 because it is elsewhere\n   ")
    assert _build(project).folder


ENDPOINT = "/a: {method: POST, function: f, body: handlers/body.json}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("method: POST", "method: !Ref post", (7, "IOT005", "the tag `!Ref` is not supported: write plain YAML")),
        ("{source", "!Fn {source", (5, "IOT005", "the tag `!Fn` is not supported: write plain YAML")),
        ("{source", "&f {environment: *f, source", (5, "IOT005", "this alias contains itself")),
        (ENDPOINT, f"{ENDPOINT}\n  {ENDPOINT}", (8, "IOT003", "duplicate key `/a`; it is already set on line 7")),
        ("method: POST", "methods: [GET, POST]", (7, "IOT101", "`methods` is not a setting of an endpoint")),
        ("method: POST, function: f", "get: f, post: f", (7, "IOT101", "`get` is not a setting of an endpoint")),
        ("/a: {method: POST,", "POST /a: {", (7, "IOT105", "`POST /a` cannot be a key here: use `/a`")),
        ("access:", "triggers: [{webhook: x}], access:", (5, "IOT101", "`webhook` is not a kind of trigger")),
    ],
)  # fmt: skip
def test_one_fault_is_told_once(project: Path, old: str, new: str, said: tuple[int, str, str]) -> None:
    _respell(project, old, new)
    found = check(project / "specs/pipeline.yaml", "dev").problems
    assert _said(found) == [said]
    assert [problem.code for problem in found if problem.code in ("IOT326", "IOT385")] == []


def test_a_handler_that_cannot_be_one_is_told_once(project: Path) -> None:
    (project / "handlers/f/handler.py").rename(project / "handlers/f/main.py")
    _respell(project, "{source", "{handler: f/main.handler, source")
    found = check(project / "specs/pipeline.yaml", "dev").problems
    assert [problem.code for problem in found if problem.severity is Severity.ERROR] == ["IOT302"]


def test_what_a_second_endpoint_names_is_not_told_to_be_unused(project: Path) -> None:
    _respell(project, "functions:\n", "functions:\n  g: {source: handlers/f}\n")
    _respell(project, ENDPOINT, f"{ENDPOINT}\n  /a: {{method: GET, function: g}}")
    found = check(project / "specs/pipeline.yaml", "dev").problems
    assert [problem.code for problem in found if problem.code in ("IOT003", "IOT326")] == ["IOT003"]


def _names(archive: Path) -> list[str]:
    with ZipFile(archive) as file:
        return file.namelist()


def test_code_in_other_languages_is_packaged_as_it_is(project: Path) -> None:
    _respell(
        project,
        "functions:\n",
        "layers: {lib: {source: lib}, js: {source: js}, tools: {artifact: build/tools.zip}}\nfunctions:\n"
        "  node: {source: handlers/node, runtime: nodejs22.x, handler: index.handler, layers: [js]}\n"
        "  go: {artifact: build/go.zip, runtime: provided.al2023}\n"
        '  image: {image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/f:1"}\n'
        "  python: {source: handlers/f, layers: [lib, tools]}\n",
    )
    for file in ("handlers/node/index.mjs", "lib/mine.py", "js/package/index.js"):
        (project / file).parent.mkdir(parents=True, exist_ok=True)
        (project / file).write_text("")
    checked = check(project / "specs/pipeline.yaml", "dev")
    assert _said(checked.problems) == []
    with pytest.raises(IotgenError, match="the artifact of `go` is not built"):
        _build(project)
    (project / "build").mkdir()
    with ZipFile(project / "build/go.zip", "w") as made:
        made.writestr("bootstrap", "")
    with pytest.raises(IotgenError, match="the artifact of `tools` is not built"):
        _build(project)
    with ZipFile(project / "build/tools.zip", "w") as made:
        made.writestr("python/tools.py", "")
    built = _build(project)
    assert built.folder
    folder = built.folder / "artifacts"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.zip")) == [
        "f.zip", "go.zip", "layers/js.zip", "layers/lib.zip", "layers/tools.zip", "node.zip", "python.zip"
    ]  # fmt: skip
    assert _names(folder / "node.zip") == ["index.mjs"]
    assert _names(folder / "layers/lib.zip") == ["python/mine.py"]
    assert _names(folder / "layers/js.zip") == ["nodejs/node_modules/package/index.js"]
    code = iotgen.build.code(check(project / "specs/pipeline.yaml", "dev"))
    assert list(code["image"]) == ["123456789012.dkr.ecr.us-east-1.amazonaws.com/f:1"]
    assert list(code["go"]) == ["build/go.zip"]


def test_a_later_runtime_asks_for_a_later_provider(project: Path) -> None:
    (project / "handlers/f/index.js").write_text("")
    _respell(
        project, "source: handlers/f,", "source: handlers/f, runtime: nodejs24.x, handler: index.handler,"
    )
    built = _build(project)
    assert built.folder
    assert '">= 6.20, < 7"' in (built.folder / "main.tf.json").read_text()
