"""Outputs that the spec asks for: what of a resource they may be."""

from __future__ import annotations

from tests.conftest import as_text, compile_spec


def test_what_has_a_role_or_a_url() -> None:
    found = compile_spec("""\
version: 1
pipeline: p
queues: {jobs: {}}
functions: {f: {source: h, triggers: [{queue: jobs}]}}
outputs:
  f: {function: f, attribute: role}
  jobs: {queue: jobs, attribute: role}
  address: {function: f, attribute: url}
""")
    assert as_text(found.problems) == (
        "spec.yaml:7:34: IOT104 `attribute` is `name` or `arn`: only a function has a role of its own\n"
        "spec.yaml:8:37: IOT104 `attribute` cannot be `url` here: only a queue, a bucket's website and "
        "a user pool have one. The output `function_urls` has those of functions\n"
    )
