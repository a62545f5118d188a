"""What all tests share: a spec's way to Terraform JSON, the real Terraform where it is, and two flags.

A test marked `terraform` or `e2e` fails in CI where Terraform or the AWS provider is missing, and is skipped
elsewhere with the way to get them: the hook below sees to it, so no test has to.
"""

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as profiles

from iotgen import bundled
from iotgen.checks import RULES, Rule
from iotgen.errors import IotgenError
from iotgen.kinds.functions import Function
from iotgen.kinds.layers import Layer
from iotgen.kinds.parameters.values import value_problems
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import PythonFiles, Sources
from iotgen.patch.own import OwnFiles, made_twice, own_problems
from iotgen.patch.problems import override_problems
from iotgen.problem import Problem, Severity
from iotgen.render.engine import merge
from iotgen.render.render import render, unpatched
from iotgen.resolve import resolve
from iotgen.spec.defaults import fill
from iotgen.spec.document import Document
from iotgen.spec.load import load
from iotgen.spec.overlay import overlay
from iotgen.spec.paths import named_paths
from iotgen.spec.schema import schema
from iotgen.spec.validate import validate
from iotgen.spec.walk import resolved
from iotgen.terraform.find import Executable, find_terraform
from iotgen.terraform.mirror import Mirror, find_plugin_dir, holds_provider, implied_folders
from iotgen.terraform.root_module import RootModule

REPO = Path(__file__).parent.parent
NEEDS_TERRAFORM = ("terraform", "e2e")
MUST = tuple(rule for rule in RULES if rule.severity is Severity.ERROR)
_ESCAPED = re.compile(r'\$\$\{|%%\{|\$\{"([$%]*)\\r"\}')
NOTHING = OwnFiles()
TODAY = date(2026, 11, 21)
# pytest --hypothesis-profile long tests/fuzz tests/handlers/test_no_loss.py
profiles.register_profile("long", max_examples=50_000, deadline=None)
# A busy machine makes any example slow now and then: time is for the benchmarks to measure.
profiles.register_profile("unhurried", deadline=None)
# The unit set tries a few examples of each property, the system set (`scripts/test system`) all of them.
profiles.register_profile("brief", deadline=None, max_examples=25)
profiles.load_profile("brief")

# A workflow's definition, as JSON and as YAML.
DEFINITION = '{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}'
BODY = '{"type": "object", "required": ["device_id"]}'


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Write golden files anew; review the diff.")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture is made, also those of a whole module."""
    if not any(item.get_closest_marker(marker) for marker in NEEDS_TERRAFORM):
        return
    if missing := _missing():
        if os.environ.get("CI"):
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)


@cache
def _missing() -> str:
    """Why a test with Terraform and the provider can't be run, and how to get them; empty when it can."""
    try:
        executable = find_terraform(None, os.environ)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            mirror = find_plugin_dir(None, os.environ, folder=folder, registry=executable.registry)
            implied = implied_folders(folder, os.environ)
            if mirror or any(holds_provider(place, executable.registry) for place in implied):
                return ""
            return _missing_from_registry(folder, executable)
    except IotgenError as error:
        return f"{error.message}. {error.hint}"


def _missing_from_registry(folder: Path, executable: Executable) -> str:
    needs = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}}}
    (folder / "main.tf.json").write_text(json.dumps({"terraform": needs}), encoding="utf-8")
    said: list[str] = []
    module = RootModule(folder, executable, env=os.environ, mirror=None, sink=said.append, say=said.append)
    try:
        module.ensure_init()
    except IotgenError as error:
        return (
            f"no AWS provider: {error.message}. Let Terraform reach its registry, or name a folder made by "
            "`terraform providers mirror` in IOTGEN_PLUGIN_DIR"
        )
    return ""


@pytest.fixture(scope="session")
def real_terraform() -> Executable:
    """The Terraform of this machine, for a test marked `terraform` or `e2e`."""
    return find_terraform(None, os.environ)


@pytest.fixture(scope="session")
def real_mirror(real_terraform: Executable, tmp_path_factory: pytest.TempPathFactory) -> Mirror | None:
    """The provider's folder, where Terraform has to be told of one."""
    folder = tmp_path_factory.mktemp("anywhere")
    return find_plugin_dir(None, os.environ, folder=folder, registry=real_terraform.registry)


@pytest.fixture(scope="session")
def repo() -> Path:
    """The checkout."""
    return REPO


@dataclass(frozen=True)
class Compiled:
    """How far a spec got; what is rendered is so only when it is asked for."""

    document: Document
    problems: tuple[Problem, ...]
    pipeline: Pipeline | None = None
    own: OwnFiles = NOTHING

    @cached_property
    def files(self) -> dict[str, str]:
        """The text of each rendered file; none when there are errors."""
        if self.pipeline is None or any(found.severity is Severity.ERROR for found in self.problems):
            return {}
        return rendered(self.pipeline, self.document.data.get("overrides") or {}, self.own)

    @property
    def said(self) -> str:
        """The problems as a user reads them."""
        return as_text(self.problems)

    @property
    def model(self) -> Pipeline:
        """The pipeline, where there has to be one without problems."""
        assert not self.problems, self.said
        assert self.pipeline
        return self.pipeline

    @cached_property
    def terraform(self) -> dict[str, Any]:
        """All rendered files in one, as data."""
        assert self.files, self.said
        return merge([json.loads(text) for name, text in self.files.items() if name not in self.own.texts])

    def resources(self, kind: str) -> dict[str, Any]:
        """The resources of a type, by their Terraform name."""
        found: dict[str, Any] = self.terraform["resource"].get(kind, {})
        return found

    def statements(self, policy: str) -> list[dict[str, Any]]:
        """The statements of a rendered policy."""
        statements: list[dict[str, Any]] = self.terraform["locals"][policy]["Statement"]
        return statements


ACCOUNT = "${data.aws_caller_identity.current.account_id}"


def arn(service: str, resource: str, region: str = "us-east-1") -> str:
    """The ARN of a resource of the account, as it is rendered."""
    of = "arn:${data.aws_partition.current.partition}"
    if service == "s3":
        return f"{of}:s3:::{resource}"
    return f"{of}:{service}:{region}:{ACCOUNT}:{resource}"


def as_text(problems: Iterable[Problem]) -> str:
    """The problems, each at its place with its hint under it."""
    return "".join(_line(problem) for problem in problems)


def _line(problem: Problem) -> str:
    kind = "" if problem.severity is Severity.ERROR else f"{problem.severity}: "
    hint = f"    {problem.hint}\n" if problem.hint else ""
    place = f"{problem.file}:{problem.line}:{problem.column}"
    return f"{place}: {problem.code} {kind}{problem.message}\n{hint}"


def as_terraform_reads(text: str) -> str:
    """A string of Terraform JSON without its escapes; AssertionError when there is a template in it.

    https://developer.hashicorp.com/terraform/language/syntax/json#string-value-expression-parsing
    """
    rest = _ESCAPED.sub(" ", text)
    assert "${" not in rest, text
    assert "%{" not in rest, text
    return _ESCAPED.sub(lambda found: found[0][1:] if found[1] is None else f"{found[1]}\r", text)


Compile = Callable[..., Compiled]


def compile_spec(
    text: str,
    suffix: str = "dev",
    sources: Sources | None = None,
    rules: Iterable[Rule] = MUST,
    files: Path | None = None,
    own: OwnFiles = NOTHING,
) -> Compiled:
    """Take a spec from its text through load, overlay, validate, resolve and the rules to Terraform JSON.

    Without `sources`, what the spec names is there, but for what is called `missing`; a folder called
    `empty` has no handler; what is called `outside` leads out of the project. Without `rules`, only those
    are held that must be: a small spec is not a whole pipeline, and advice is not what its test is about.
    Requirements, schemas and handlers have the text of what is in the folder `files`, where there is
    something of that name. `own` is the project's own Terraform.
    """
    written, problems = load(text, "spec.yaml")
    if written.data is None:
        return Compiled(written, problems)
    merged = overlay(written, suffix)
    document, faults = validate(merged)
    if not isinstance(document.data, dict) or "pipeline" not in document.data:
        return Compiled(document, _sorted(problems + faults))
    there = sources or everything(document.data, files)
    settings = fill(document.data, schema())
    pipeline, unresolved = resolve(document, settings, suffix, there, merged.data)
    values = tuple(value_problems(document, there.texts))
    found = tuple(_findings(document, pipeline, there, rules))
    patches = tuple(_patch_problems(document, suffix, pipeline, own)) if not (faults or unresolved) else ()
    said = _sorted((*problems, *faults, *values, *unresolved, *found, *patches))
    return Compiled(document, said, pipeline, own)


def _patch_problems(document: Document, suffix: str, pipeline: Pipeline, own: OwnFiles) -> Iterator[Problem]:
    """What is wrong with a spec's overrides, and with the project's own Terraform."""
    if document.data.get("overrides") or own.texts:
        files = unpatched(pipeline, _built_in)
        rendered = merge([*files.values()])
        yield from override_problems(document, suffix, rendered, own)
        yield from (*own_problems(own), *made_twice(own, files, rendered))


def _sorted(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems)))


def _findings(
    document: Document, pipeline: Pipeline, sources: Sources, rules: Iterable[Rule]
) -> Iterator[Problem]:
    for rule in rules:
        yield from map(document.problem, rule.findings(pipeline, sources))


def least(section: str) -> dict[str, Any]:
    """A resource of a section with nothing but what it must have, as in the schema's examples."""
    whole = schema()
    node = resolved(whole["properties"][section]["additionalProperties"], whole)
    if "properties" not in node:  # one of several forms
        return dict(node["examples"][0])
    # What a resource must have where `defaults` has it not stands at the root.
    others = [one["else"]["properties"] for one in whole["allOf"] if "else" in one]
    branches = [node, *(one[section]["additionalProperties"] for one in others if section in one)]
    for branch in branches:
        if "else" in branch:
            branches.append(branch["else"])
        if "anyOf" in branch:
            branches.append(branch["anyOf"][0])
    required = [name for branch in branches for name in branch.get("required", ())]
    return {name: resolved(node["properties"][name], whole)["examples"][0] for name in required}


def everything(data: dict[str, Any], files: Path | None = None) -> Sources:
    """Sources in which all that a spec names is there, with what the folder `files` has for it."""
    named = tuple(named_paths(data, schema()))
    folders = [one.name for one in named if one.is_folder]
    texts = [one.name for one in named if one.is_text]
    return Sources(
        folders={folder: _listing(folder, files) for folder in folders},
        texts={file: _content(file, files) for file in texts},
        code={folder: _python(folder, files) for folder in folders},
        archives=frozenset(one.name for one in named if one.is_archive and "missing" not in one.name),
        today=TODAY,
        outside=frozenset(one.name for one in named if "outside" in one.name),
        named=named,
    )


def _content(name: str, files: Path | None) -> str | None:
    if "missing" in name or "outside" in name:
        return None
    own = files / name if files else None
    if own and own.is_file():
        return own.read_text(encoding="utf-8")
    return DEFINITION if ".asl." in name else BODY


def _listing(name: str, files: Path | None) -> tuple[str, ...] | None:
    folder = files / name if files else None
    if folder is None or not folder.is_dir():
        return _folder(name)
    return tuple(path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())


def _python(name: str, files: Path | None) -> PythonFiles | None:
    folder = files / name if files else None
    if folder is None or not folder.is_dir():
        return None
    found = sorted(folder.rglob("*.py"))
    return tuple((path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")) for path in found)


def _folder(name: str) -> tuple[str, ...] | None:
    if "missing" in name:
        return None
    return ("other.py",) if "empty" in name else ("handler.py", "index.js", "main.js", "main.py")


def rendered(pipeline: Pipeline, overrides: Mapping[str, Any], own: OwnFiles) -> dict[str, str]:
    """The text of each file, with digests in place of zips."""
    return render(pipeline, hashes(pipeline), _built_in, overrides) | dict(own.texts)


def hashes(pipeline: Pipeline) -> dict[str, str]:
    """A digest for each zip that says which it is."""
    paths = [function.zip for function in pipeline.all(Function)]
    paths += [layer.zip for layer in pipeline.all(Layer)]
    return {path: f"digest of {path}" for path in paths}


@cache
def _built_in(name: str) -> str | None:
    path = bundled.templates() / name
    return path.read_text(encoding="utf-8") if path.exists() else None


@pytest.fixture(scope="session", name="compile_spec")
def _compile_spec() -> Compile:
    return compile_spec
