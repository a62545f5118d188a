"""The runtimes that a spec can name."""

from iotgen.kinds.functions.runtimes import END_OF_SUPPORT, FIRST_PROVIDER, LONGEST_SUPPORTED, OFFERED
from iotgen.patch.provider import versions
from iotgen.spec.schema import schema


def test_a_runtime_is_offered_when_the_oldest_provider_takes_it() -> None:
    oldest = tuple(int(part) for part in versions()[0].split(".")[:2])
    assert set(OFFERED) == {name for name in END_OF_SUPPORT if FIRST_PROVIDER.get(name, oldest) <= oldest}


def test_what_is_recommended_and_the_default_are_offered() -> None:
    assert {LONGEST_SUPPORTED, schema()["$defs"]["runtime"]["default"]} <= set(OFFERED)


def test_what_is_known_and_not_offered_is_explained() -> None:
    explained = schema()["$defs"]["runtime"]["enumExplained"]
    assert set(END_OF_SUPPORT) - set(OFFERED) == {name for name in explained if name in END_OF_SUPPORT}
    assert not set(explained) & set(OFFERED)
