"""The reference pipelines as pictures, byte by byte, and what any picture holds to.

`pytest tests/graph --update-golden` draws the expected files anew: look at them in a browser.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotgen import project
from iotgen.graph.card import cards
from iotgen.graph.graph import graph_of
from iotgen.graph.layout import layout
from iotgen.graph.mermaid import escaped
from iotgen.graph.page import About, Facts
from iotgen.graph.picture import as_json, as_mermaid, as_page, as_svg
from iotgen.graph.words import xml
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Path as SpecPath
from tests.graph.held import held

if TYPE_CHECKING:
    from tests.conftest import Compile

EXPECTED = Path(__file__).parent / "expected"
FORMS = {"svg": as_svg, "mermaid": as_mermaid, "json": as_json}
ENDINGS = {"svg": "svg", "mermaid": "mmd", "json": "json"}
SPECS = {"pipeline": "dev", "s3-events": "prod"}
SVG = "{http://www.w3.org/2000/svg}"

HOSTILE = """\
version: 1
pipeline: p
topics:
  alerts: {subscriptions: [{https: 'https://example.com/?a="<script>alert(1)</script>&b=]]>--%%{init}%%`$$'}]}
tables: {t: {partition_key: {'</text><script>': string}}}
buckets: {in-box: {}}
functions:
  f:
    source: handlers/f
    description: "</title><script>alert(1)</script>"
    access: {tables: {t: read-write}, buckets: {in-box: {write: "out/'(!)/"}}}
    triggers: [{bucket: in-box, prefix: "in/'(!)/"}]
"""


def reference(compile_spec: Compile, repo: Path, name: str) -> Pipeline:
    text = (repo / f"specs/{name}.yaml").read_text(encoding="utf-8")
    suffix = SPECS[name]
    sources = project.read_sources(repo, compile_spec(text, suffix).document.data)
    return compile_spec(text, suffix, sources).model


@pytest.mark.parametrize("form", ENDINGS)
@pytest.mark.parametrize("name", SPECS)
def test_a_reference_pipeline(
    name: str, form: str, compile_spec: Compile, repo: Path, request: pytest.FixtureRequest
) -> None:
    drawn = FORMS[form](reference(compile_spec, repo, name))
    path = EXPECTED / f"{name}.{ENDINGS[form]}"
    if request.config.getoption("--update-golden"):
        path.write_text(drawn, encoding="utf-8", newline="\n")
    assert drawn == path.read_bytes().decode(), "if it should differ, use --update-golden"


def test_the_picture_of_the_documentation_is_that_of_the_reference_pipeline() -> None:
    docs = Path(__file__).parent.parent.parent / "docs/pipeline.svg"
    assert docs.read_bytes() == (EXPECTED / "pipeline.svg").read_bytes()


@pytest.mark.parametrize("name", SPECS)
def test_a_picture_needs_nothing_from_elsewhere(name: str) -> None:
    text = (EXPECTED / f"{name}.svg").read_text(encoding="utf-8")
    assert not re.search(r"href|url\(|@import|<script|<image|<foreignObject", text)
    assert re.findall(r"https?://[^\"<\s]+", text) == ["http://www.w3.org/2000/svg"]


def test_a_picture_has_its_texts_as_text_and_its_content_in_words() -> None:
    root = ElementTree.fromstring((EXPECTED / "pipeline.svg").read_bytes())  # noqa: S314 - it is our own
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title description"
    description = root.findtext(f"{SVG}desc") or ""
    assert "data-ingestion (batch_write) to raw-sensor-data." in description
    assert "data-query (query) from processed-data." in description
    assert "config: get by data-ingestion, data-processor, data-query." in description
    texts = {element.text for element in root.iter(f"{SVG}text")}
    assert {"POST /ingest", "data-processor", "processed-data", "ops@example.com", "batches of 100"} <= texts


def test_a_picture_is_for_light_and_for_dark_grounds() -> None:
    style = (EXPECTED / "pipeline.svg").read_text(encoding="utf-8").partition("</style>")[0]
    light, _, dark = style.partition("@media (prefers-color-scheme: dark)")
    for name in ("ground", "card", "name", "function .icon", "table.line"):
        assert f".{name}" in light
        assert f".{name}" in dark


def test_texts_of_a_spec_stay_texts(compile_spec: Compile) -> None:
    pipeline = compile_spec(HOSTILE).model
    drawn = as_svg(pipeline)
    root = ElementTree.fromstring(drawn)  # noqa: S314 - it is our own
    assert {element.tag for element in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "style", "rect", "text", "g", "path")
    }
    titles = [element.text or "" for element in root.iter(f"{SVG}title")]
    assert any("<script>alert(1)</script>" in title for title in titles)


def test_texts_of_a_spec_mean_nothing_to_mermaid(compile_spec: Compile) -> None:
    drawn = as_mermaid(compile_spec(HOSTILE).model)
    quoted = re.findall(r'"([^"\n]*)"', drawn)
    assert not set("<>`%$\\") & set("".join(quoted).replace("<br>", ""))
    assert drawn.count('"') == 2 * len(quoted)
    assert "#60;script#62;alert(1)#60;/script#62;" in drawn


def test_a_page_holds_the_picture_and_what_is_known_of_its_nodes(compile_spec: Compile) -> None:
    pipeline = compile_spec(HOSTILE).model
    row = ("description", "</script><script>alert(1)</script>", "line 9")
    about: dict[SpecPath, About] = {
        ("functions", "f"): About("function f", "spec.yaml:7", (Facts("settings", (row,)),))
    }
    drawn = as_page(pipeline, about)
    assert as_svg(pipeline) in drawn
    assert drawn.count("<script") == drawn.count("</script>") == 2
    data = json.loads(drawn.partition('id="data">')[2].partition("</script>")[0])
    number = data["labels"].index("function f")
    assert data["about"][str(number)]["sections"][0]["rows"] == [list(row)]
    assert f'data-node="{number}"' in drawn
    assert len(data["labels"]) == len(re.findall("data-node=", as_svg(pipeline)))


def test_a_page_loads_nothing(compile_spec: Compile) -> None:
    drawn = as_page(compile_spec(HOSTILE).model, {})
    assert "default-src 'none'" in drawn
    assert not re.search(r"(src|href)=|url\(|@import|fetch\(|XMLHttpRequest", drawn)


ANY = st.text(st.characters(exclude_categories=()), max_size=40)


@given(ANY)
def test_any_text_is_content_and_attribute_of_xml(text: str) -> None:
    element = ElementTree.fromstring(f'<a b="{xml(text)}">{xml(text)}</a>')  # noqa: S314 - it is our own
    assert element.text == element.get("b") or not text
    assert len(element) == 0


@given(ANY)
def test_any_text_is_one_text_of_mermaid(text: str) -> None:
    assert re.fullmatch(r"(#\d+;|[^\W]|[ \-.,/()@·…])*", escaped(text))


def test_what_reads_has_its_tip_at_the_function() -> None:
    data = json.loads((EXPECTED / "pipeline.json").read_bytes())
    flows = {(edge["from"], edge["to"]): (edge["text"], edge["data"]) for edge in data["edges"]}
    assert flows["/functions/data-query", "/tables/processed-data"] == ("query", "against")
    assert flows["/functions/data-ingestion", "/tables/raw-sensor-data"] == ("batch_write", "with")
    assert flows["/queues/iot-ingestion", "/functions/data-processor"] == ("batches of 100", "with")


def test_alarms_and_dead_letters_are_at_their_owner() -> None:
    data = json.loads((EXPECTED / "s3-events.json").read_bytes())
    (function,) = [node for node in data["nodes"] if node["kind"] == "function"]
    # Seven of its own, with those on two metrics that it publishes, and on its silence.
    assert (function["alarms"], function["dead_letters"]) == (10, True)
    (every,) = [node for node in data["nodes"] if node["kind"] == "alarms"]
    assert every["title"] == f"{sum(node['alarms'] for node in data['nodes'])} alarms"


FORTY = {
    "version": 1,
    "pipeline": "fleet",
    "topics": {"alerts": {"subscriptions": [{"email": "ops@example.com"}]}},
    "buckets": {"uploads": {}},
    "parameters": {"config": {"value": "x"}},
    "tables": {f"state-{index}": {"partition_key": {"id": "string"}} for index in range(10)},
    "queues": {f"intake-{index}": {} for index in range(10)},
    "functions": {
        **{
            f"ingest-{index}": {
                "source": "f",
                "access": {"queues": {f"intake-{index}": "send"}, "parameters": {"config": "get"}},
            }
            for index in range(10)
        },
        **{
            f"process-{index}": {
                "source": "f",
                "triggers": [{"queue": f"intake-{index}"}],
                "access": {"tables": {f"state-{index}": "write"}, "topics": {"alerts": "publish"}},
            }
            for index in range(10)
        },
        **{
            f"query-{index}": {"source": "f", "access": {"tables": {f"state-{index}": "read"}}}
            for index in range(10)
        },
        **{
            f"import-{index}": {
                "source": "f",
                "triggers": [{"bucket": "uploads", "prefix": f"{index}/"}],
                "access": {"tables": {f"state-{index}": "write"}},
            }
            for index in range(10)
        },
    },
    "endpoints": {
        f"/{word}/{index}": {"method": method, "function": f"{word}-{index}"}
        for word, method in (("ingest", "POST"), ("query", "GET"))
        for index in range(10)
    },
    "alarms": {"notify": "alerts"},
}


def test_forty_functions_are_drawn_apart(compile_spec: Compile) -> None:
    pipeline = compile_spec(json.dumps(FORTY)).model
    held(pipeline)
    drawn = as_svg(pipeline)
    assert all(f">{key}<" in drawn for key in FORTY["functions"])  # type: ignore[attr-defined]


def test_flows_go_from_left_to_right(compile_spec: Compile, repo: Path) -> None:
    """Also through a queue whose consumer may put messages into its dead-letter queue."""
    graph = graph_of(reference(compile_spec, repo, "pipeline"))
    boxes = layout(graph, cards(graph)).boxes
    way: list[SpecPath] = [
        ("api", "callers"),
        ("endpoints", "/ingest"),
        ("functions", "data-ingestion"),
        ("queues", "iot-ingestion"),
        ("functions", "data-processor"),
        ("topics", "device-alerts"),
        ("topics", "subscribers", "ops@example.com"),
    ]
    assert all(boxes[left].right < boxes[right].x for left, right in pairwise(way))
    assert boxes["functions", "data-processor"].right < boxes["tables", "processed-data"].x
