"""The runtimes that a spec can name."""

import pytest

from iotgen.model.runtimes import END_OF_SUPPORT, FIRST_PROVIDER, OFFERED, advice, language, later_runtime
from iotgen.patch.provider import versions
from iotgen.spec.schema import schema


def test_the_end_of_support_of_each_is_known() -> None:
    assert set(OFFERED) == set(END_OF_SUPPORT)


def test_the_default_needs_no_later_provider() -> None:
    assert schema()["$defs"]["runtime"]["default"] in set(OFFERED) - set(FIRST_PROVIDER)


@pytest.mark.parametrize("runtime", OFFERED)
def test_a_runtime_that_is_recommended_is_supported_longer(runtime: str) -> None:
    later = later_runtime(runtime)
    assert later is None or END_OF_SUPPORT[later] > END_OF_SUPPORT[runtime]
    assert (later or "override") in advice(runtime)


def test_a_later_runtime_of_the_same_language_is_recommended() -> None:
    assert later_runtime("nodejs20.x") == later_runtime("nodejs22.x") == "nodejs24.x"
    assert later_runtime("java11") == "java21"  # as long as java25, which not every provider accepts
    assert [later_runtime(latest) for latest in ("dotnet8", "nodejs24.x", "ruby3.4")] == [None] * 3
    assert [language(name) for name in ("python3.13", "nodejs22.x", "provided.al2023", "")] == [
        "python", "nodejs", "provided", ""
    ]  # fmt: skip


def test_the_newest_provider_takes_every_runtime() -> None:
    newest = tuple(int(part) for part in versions()[1].split(".")[:2])
    assert all(first <= newest for first in FIRST_PROVIDER.values())


def test_what_is_not_offered_is_explained_once() -> None:
    assert not set(schema()["$defs"]["runtime"]["enumExplained"]) & set(OFFERED)
