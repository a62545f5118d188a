"""Sides of a comparison from texts, as the command makes them from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iotgen.compare import Side
from iotgen.model.sources import Sources
from iotgen.spec.load import load
from iotgen.spec.overlay import overlay
from iotgen.spec.paths import named_paths
from iotgen.spec.schema import schema
from iotgen.spec.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    MakeSide = Callable[..., Side]


@pytest.fixture
def side() -> MakeSide:
    def make(
        text: str,
        environment: str = "dev",
        files: Mapping[str, str] | None = None,
        code: Mapping[str, Mapping[str, str]] | None = None,
        pins: Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]] | None = None,
    ) -> Side:
        loaded, problems = load(text, "spec.yaml")
        document, more = validate(overlay(loaded, environment))
        assert (*problems, *more) == ()
        sources = Sources({}, files or {}, named=tuple(named_paths(document.data, schema())))
        return Side(environment, document, sources, code or {}, pins or {})

    return make
