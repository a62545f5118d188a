"""The runtimes that a spec can name."""

from iotgen.model.runtimes import END_OF_SUPPORT, FIRST_PROVIDER, OFFERED, language, longest_supported
from iotgen.patch.provider import versions
from iotgen.spec.schema import schema


def test_the_end_of_support_of_each_is_known() -> None:
    assert set(OFFERED) == set(END_OF_SUPPORT)


def test_what_is_recommended_and_the_default_need_no_later_provider() -> None:
    recommended = {longest_supported(name) for name in OFFERED}
    assert {*recommended, schema()["$defs"]["runtime"]["default"]} <= set(OFFERED) - set(FIRST_PROVIDER)


def test_a_later_runtime_of_the_same_language_is_recommended() -> None:
    assert longest_supported("nodejs20.x") == "nodejs22.x"
    assert longest_supported("java11") == "java21"
    assert [language(name) for name in ("python3.13", "nodejs22.x", "provided.al2023", "")] == [
        "python", "nodejs", "provided", ""
    ]  # fmt: skip


def test_the_newest_provider_takes_every_runtime() -> None:
    newest = tuple(int(part) for part in versions()[1].split(".")[:2])
    assert all(first <= newest for first in FIRST_PROVIDER.values())


def test_what_is_not_offered_is_explained_once() -> None:
    assert not set(schema()["$defs"]["runtime"]["enumExplained"]) & set(OFFERED)
