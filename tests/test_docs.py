"""The documentation says what is there: commands, options, codes, links, and pages that are generated."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from iotgen.cli import cli
from iotgen.spec.schema import SCHEMA_FILE

if TYPE_CHECKING:
    from tests.conftest import Compile

REPO = Path(__file__).parent.parent
PAGES = sorted([*REPO.glob("*.md"), *REPO.glob("docs/**/*.md")])
README = (REPO / "README.md").read_text(encoding="utf-8")
ALL = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
SCRIPTS = sorted(
    path
    for path in [*REPO.glob("scripts/*"), REPO / ".ci/run"]
    if path.is_file() and path.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash")
)


def commands(group: click.Group = cli, above: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Each command with its full name."""
    for name, command in group.commands.items():
        here = (*above, name)
        if isinstance(command, click.Group):
            yield from commands(command, here)
        else:
            yield " ".join(here), command


def console_lines() -> Iterator[tuple[str, str]]:
    """Each command line that a page shows, with the page's name; continued lines are one."""
    for page in PAGES:
        for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                if line.startswith("$ "):
                    yield page.name, line.removeprefix("$ ")


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_is_documented(name: str) -> None:
    group, _, last = name.partition(" ")
    shown = f"`iotgen {group}" in README and (
        not last or f"`{last}`" in README or f"`iotgen {name}" in README
    )
    assert shown, f"README.md has no `iotgen {name}`"


def test_the_readme_lists_each_command_once() -> None:
    table = README.partition("\n## Commands\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `iotgen ([a-z]+)", table, re.MULTILINE)
    assert sorted(listed) == sorted({name.partition(" ")[0] for name, _ in commands()})


@pytest.mark.parametrize(
    ("name", "option"),
    [
        (name, option)
        for name, command in commands()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    ],
)
def test_every_option_is_documented(name: str, option: str) -> None:
    assert re.search(rf"`(iotgen [a-z -]*)?{option}\b", ALL), f"{option} of `iotgen {name}` is nowhere told"


def test_every_variable_is_documented() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in REPO.glob("iotgen/**/*.py"))
    variables = set(re.findall(r"\bIOTGEN_[A-Z_]+\b", code)) | {"ENVIRONMENT_SUFFIX"}
    assert not sorted(variable for variable in variables if f"`{variable}" not in ALL)


@pytest.mark.parametrize(("page", "line"), list(console_lines()))
def test_every_command_shown_exists(page: str, line: str) -> None:
    words = shlex.split(line.partition(" # ")[0], comments=True)
    while words and re.fullmatch(r"[A-Z_a-z]+=.*", words[0]):
        words.pop(0)
    if words[0].startswith("scripts/"):
        assert (REPO / words[0]).is_file()
    if words[0] != "iotgen":
        return
    end = next((at for at, word in enumerate(words) if word in ("|", "&&", ">", "<")), len(words))
    command: click.Command = cli
    arguments = words[1:end]
    while isinstance(command, click.Group):
        name = arguments.pop(0)
        assert name in command.commands, f"{page} shows `iotgen {name}`, which is no command"
        command = command.commands[name]
    # Parses, and runs nothing; what `--format json` sets for the process is left behind.
    copy_context().run(command.make_context, "iotgen", arguments).close()


def test_every_command_mentioned_exists() -> None:
    known = {name.partition(" ")[0] for name, _ in commands()}
    told = set(re.findall(r"`iotgen ([a-z]+)", ALL))
    assert told <= known


def test_every_page_is_in_the_contents_of_the_site() -> None:
    contents = (REPO / "docs/site/conf.py").read_text(encoding="utf-8").splitlines()
    pages = [path.relative_to(REPO).with_suffix("").as_posix() for path in REPO.glob("docs/*.md")]
    assert sorted(set(pages) - set(contents)) == []


def test_the_readme_counts_the_resources_right() -> None:
    files = (REPO / "tests/golden/pipeline-dev/expected").glob("*.tf.json")
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    count = sum(len(named) for document in documents for named in document.get("resource", {}).values())
    assert re.findall(r"^(\d+) to (create|destroy)", README, re.MULTILINE) == [
        (str(count), "create"),
        (str(count), "destroy"),
    ]


def test_every_section_of_the_spec_is_in_the_readme() -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    rows = re.findall(r"^\| `([a-z_]+)` \|", README.partition("## The spec")[2], re.MULTILINE)
    assert rows == list(schema["properties"])


def test_every_setting_of_the_spec_is_on_its_page() -> None:
    """A definition whose settings are left out has a description in no row."""
    page = (REPO / "docs/spec.md").read_text(encoding="utf-8").replace("`", "").replace("\\|", "\\")
    rows = set(re.findall(r"^\| (\w+) \|.* \| ([^|]+) \|$", page, re.M))
    lacking = [
        f"{name}: {setting}"
        for name, node in json.loads(SCHEMA_FILE.read_text("utf-8"))["$defs"].items()
        for setting, about in node.get("properties", {}).items()
        if (told := about.get("description"))
        and (setting, told.replace("`", "").replace("|", "\\")) not in rows
    ]
    assert not lacking


def test_every_problem_has_its_line() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in REPO.glob("iotgen/**/*.py"))
    page = (REPO / "docs/rules.md").read_text(encoding="utf-8")
    codes = set(re.findall(r"\bIOT\d{3}\b", code)) - {"IOT123"}  # which stands for any
    assert codes == set(re.findall(r"^\| \[(IOT\d{3})\]", page, re.MULTILINE))


def test_the_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, REPO / "scripts/spec-reference", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("cron(0 3 * * ? *)", '"cron(0 3 * * ? *)"'),
        ("*star", '"*star"'),
        ("a: b", '"a: b"'),
        ("[", '"["'),
        ("on", '"on"'),
        ("tab\t", '"tab\\t"'),
    ],
)
def test_an_example_is_quoted_where_yaml_needs_it(text: str, written: str) -> None:
    script = runpy.run_path(str(REPO / "scripts/spec-reference"))
    assert script["_flow"](text) == written


def test_the_whole_spec_of_the_readme_is_sound(compile_spec: Compile) -> None:
    specs = [
        block
        for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
        if block.startswith("version: 1")
    ]
    assert [compile_spec(spec).said for spec in specs] == [""]


@pytest.mark.system
def test_the_mistakes_of_the_readme_are_told_so(tmp_path: Path) -> None:
    """The first ten minutes, as far as they need no Terraform."""
    environment = os.environ | {"NO_COLOR": "1"}

    def run(*arguments: str, folder: Path = tmp_path) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "iotgen", *arguments],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        paragraphs = re.split(r"^(?=\S)", done.stdout, flags=re.MULTILINE)
        return "".join(paragraph for paragraph in paragraphs if not re.match(r"\S+ IOT\d+ info: ", paragraph))

    assert run("init", "demo") in README
    project = tmp_path / "demo"
    assert run("check", folder=project) in README
    spec = project / "specs/pipeline.yaml"
    text = spec.read_text(encoding="utf-8")
    for wrong, right in re.findall(r"`([^`\n]+)`\s+for\s+`([^`\n]+)`", README):
        assert right in text
        text = text.replace(right, wrong)
    spec.write_text(text, encoding="utf-8")
    assert run("check", folder=project) in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        name, _, anchor = target.partition("#")
        file = (page.parent / name) if name else page
        assert file.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(file), f"{page.name} links to {target}"


def anchors(page: Path) -> set[str]:
    """The anchors that headings make, as on GitHub."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_every_script_tells_how_to_use_it(script: Path) -> None:
    assert os.access(script, os.X_OK)
    done = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"Usage: {script.relative_to(REPO)}")


def test_nothing_of_a_machine_is_told() -> None:
    pages = [page.read_text(encoding="utf-8") for page in PAGES if page.parent.name != "problems"]
    assert not re.findall(r"/(?:root|work|tmp|opt)/\S*", "\n".join(pages))
