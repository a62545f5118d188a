"""The words of other tools: each leads to what is called so here, and none to what is something else."""

from collections.abc import Iterator
from typing import Any

import pytest

from iotgen.spec import foreign
from iotgen.spec.faults import words_of
from iotgen.spec.schema import schema


def _settings(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Title and settings of every part of the schema."""
    if isinstance(node, dict):
        if "title" in node and "properties" in node:
            yield node["title"], node["properties"]
        elif "title" in node and (words := words_of(node)):
            yield node["title"], dict.fromkeys(words)
        for value in node.values():
            yield from _settings(value)


SETTINGS = dict(_settings(schema()))
WORDS = sorted(foreign._MEANINGS)


@pytest.mark.parametrize(("owner", "word"), WORDS)
def test_a_word_leads_to_a_setting_or_a_hint(owner: str, word: str) -> None:
    meant = foreign.meaning(owner, word)
    assert meant is not None
    assert bool(meant.key) != bool(meant.hint)
    assert not meant.key or meant.key in SETTINGS[owner]
    assert not meant.hint or meant.hint.endswith(".")
    assert word not in SETTINGS[owner]


@pytest.mark.parametrize("word", ["memory_size", "memorySize", "MemorySize", "memory-size"])
def test_the_style_of_a_word_does_not_matter(word: str) -> None:
    meant = foreign.meaning("a function", word)
    assert meant == foreign.meaning("the defaults of functions", word) == foreign.Meaning("memory")


def test_a_word_of_its_own_means_nothing() -> None:
    assert foreign.meaning("a function", "colour") is None
    assert foreign.meaning("a table", "memory_size") is None
    assert foreign.meant_value("S") == "string"
    assert foreign.meant_value("colour") is None


@pytest.mark.parametrize("word", ["cognito", "cognito_user_pools"])
def test_cognito_means_the_user_pools(word: str) -> None:
    meant = foreign.meaning("the spec", word)
    assert meant is not None
    assert meant.key == "user_pools"
