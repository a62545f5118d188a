"""Outputs that the spec asks for: what of a resource they may be."""

from __future__ import annotations

from tests.conftest import as_text, compile_spec


def test_only_a_function_has_a_role() -> None:
    found = compile_spec("""\
version: 1
pipeline: p
queues: {jobs: {}}
functions: {f: {source: h, triggers: [{queue: jobs}]}}
outputs: {f: {function: f, attribute: role}, jobs: {queue: jobs, attribute: role}}
""")
    assert as_text(found.problems) == (
        "spec.yaml:5:77: IOT104 `attribute` is `name` or `arn`: only a function has a role of its own\n"
    )
