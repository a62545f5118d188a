"""Reviews of what a plan does from one spec to another."""

from collections.abc import Callable, Mapping

import pytest

from iotgen import project
from iotgen.render.render import owners
from iotgen.review.review import Review, review
from iotgen.terraform.plan import Contents
from tests.conftest import Compiled, compile_spec
from tests.review.planner import contents

SPEC = """\
version: 1
pipeline: small
defaults:
  function: {memory: 256}
parameters:
  api-key: {secure: true}
  config: {value: 1}
tables:
  readings: {partition_key: {id: string}}
  rollups: {partition_key: {id: string}}
queues:
  jobs: {max_receives: 5}
topics:
  news: {}
buckets:
  files: {}
functions:
  reader:
    source: handlers/reader
    triggers: [{queue: jobs}]
    access:
      tables: {readings: [put]}
      parameters: {api-key: get, config: get}
      topics: {news: publish}
  writer:
    source: handlers/writer
    access:
      queues: {jobs: send}
      buckets: {files: {read: in/}}
endpoints:
  /write: {method: POST, function: writer}
"""

Reviewed = Callable[..., Review]


def compiled(text: str) -> Compiled:
    """A spec without errors."""
    spec = compile_spec(text, rules=())
    assert spec.files, spec.said
    return spec


def review_of(spec: Compiled, plan: Contents) -> Review:
    """The review of a plan to a spec."""
    assert spec.pipeline
    made = owners(spec.pipeline, project.built_in_templates().get)
    return review(spec.pipeline, spec.document, made, plan)


@pytest.fixture(scope="session")
def small() -> Compiled:
    """The small spec."""
    return compiled(SPEC)


@pytest.fixture
def changed(small: Compiled) -> Reviewed:
    """The review of a plan from the small spec to one with other texts in it."""

    def make(*replaced: tuple[str, str], code: Mapping[str, str] | None = None) -> Review:
        text = SPEC
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        spec = compiled(text)
        return review_of(spec, contents(small, spec, code))

    return make
