"""Whatever a handler's file holds, a check ends: with what is certain, or with nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iotgen.checks import RULES
from iotgen.model.sources import Sources

if TYPE_CHECKING:
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
tables: {raw: {partition_key: {id: string}}}
buckets: {files: {}}
functions:
  f:
    source: h
    runtime: python3.11
    access: {tables: {raw: read-write}, buckets: {files: {read: in/, write: out/}}}
"""
HANDLERS = sorted((Path(__file__).parent.parent / "checks" / "cases").rglob("handler.py"))


def _check(text: str, compile_spec: Compile) -> str:
    sources = Sources(folders={"h": ("handler.py",)}, texts={}, code={"h": (("handler.py", text),)})
    return compile_spec(SPEC, "dev", sources, rules=RULES).said


@settings(deadline=None, max_examples=settings().max_examples // 2)
@given(data=st.data())
def test_a_damaged_handler(data: st.DataObject, compile_spec: Compile) -> None:
    text = data.draw(st.sampled_from(HANDLERS)).read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        stop = start + data.draw(st.integers(0, 20))
        put = data.draw(
            st.one_of(st.just(""), st.sampled_from(["(", ")", "\n", "    ", "\x00", "*", ".x"]), st.text())
        )
        text = text[:start] + put + text[stop:]
    _check(text, compile_spec)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + " + ".join(["a"] * 3000),
        "x = a" + ".b" * 3000,
        "x = a" + "()" * 3000,
        "x = " + "(" * 150 + ")" * 150,
        "x = " + "-" * 3000 + "1",
        "\x00",
        "\ud800",
    ],
)
def test_a_handler_that_is_deeper_than_any(text: str, compile_spec: Compile) -> None:
    _check(f"import boto3\n{text}\nboto3.client('dynamodb').scan()\n", compile_spec)


def test_a_client_that_is_defined_by_itself(compile_spec: Compile) -> None:
    said = _check("c = d\nd = c\ndef f():\n    return f()\nc.scan()\nf().scan()\n", compile_spec)
    assert "IOT382" not in said
