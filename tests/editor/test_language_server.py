"""What an editor shows of a spec: faults, completions and hovers, from the schema that `init` writes."""

from pathlib import Path
from typing import Any

import pytest

from iotgen.init import init

pytestmark = pytest.mark.editor


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    init(folder)
    return folder


def _spec(project: Path, name: str, body: str) -> Path:
    spec = project / "specs" / name
    spec.write_text(f"# yaml-language-server: $schema=pipeline.schema.json\nversion: 1\npipeline: p\n{body}")
    return spec


def test_the_reference_pipeline_has_no_faults(editor: Any, project: Path) -> None:
    uri = editor.open(project / "specs/pipeline.yaml")
    assert editor.diagnostics(uri) == []


def test_faults_are_told_at_their_places(editor: Any, project: Path) -> None:
    function = "functions:\n  f: {source: handlers/data_query, memmory: 256}\n"
    endpoint = "endpoints:\n  /query: {method: GTE, function: data-query}\n"
    uri = editor.open(_spec(project, "faulty.yaml", function + endpoint))
    told = {found["range"]["start"]["line"]: found["message"] for found in editor.diagnostics(uri)}
    assert "memmory" in told.pop(4)
    assert "GET" in told.pop(6)
    assert told == {}


def test_names_of_functions_are_offered(editor: Any, project: Path) -> None:
    uri = editor.open(_spec(project, "function.yaml", "endpoints:\n  /q:\n    method: GET\n    function: \n"))
    assert {"data-ingestion", "data-processor", "data-query"} <= set(editor.completions(uri, 6, 14))


def test_runtimes_are_offered(editor: Any, project: Path) -> None:
    body = "functions:\n  f:\n    source: handlers/data_query\n    runtime: \n"
    uri = editor.open(_spec(project, "runtime.yaml", body))
    assert {"python3.11", "python3.13"} <= set(editor.completions(uri, 6, 13))


def test_settings_are_offered(editor: Any, project: Path) -> None:
    body = "functions:\n  f:\n    source: handlers/data_query\n    \n"
    uri = editor.open(_spec(project, "settings.yaml", body))
    assert {"memory", "timeout", "access", "triggers"} <= set(editor.completions(uri, 6, 4))


def test_tables_are_offered_as_keys_of_access(editor: Any, project: Path) -> None:
    body = "functions:\n  f:\n    source: handlers/data_query\n    access:\n      tables:\n        \n"
    uri = editor.open(_spec(project, "access.yaml", body))
    assert {"raw-sensor-data", "processed-data"} <= set(editor.completions(uri, 8, 8))


def test_a_hover_tells_what_a_setting_is(editor: Any, project: Path) -> None:
    uri = editor.open(_spec(project, "hover.yaml", "region: us-east-1\n"))
    place = {"textDocument": {"uri": uri}, "position": {"line": 3, "character": 2}}
    assert "The AWS region" in str(editor.request("textDocument/hover", place))
