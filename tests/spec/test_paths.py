"""The files and folders that a spec names."""

from typing import Any

import pytest

from iotgen.spec.paths import NamedPath, named_paths
from iotgen.spec.schema import schema


def test_what_the_schema_says_holds_a_file_or_a_folder_is_found() -> None:
    data = {
        "defaults": {"function": {"include": ["shared"]}},
        "functions": {"f": {"source": "handlers/f", "include": ["lib"]}},
        "layers": {"l": {"requirements": "requirements.txt"}},
        "endpoints": {"/a": {"function": "f", "body": "a.json"}},
        "parameters": {"p": {"value": {"source": "none"}, "schema": "p.json"}},
    }
    assert set(named_paths(data, schema())) == {
        NamedPath(("defaults", "function", "include", 0), "shared", is_folder=True),
        NamedPath(("functions", "f", "source"), "handlers/f", is_folder=True),
        NamedPath(("functions", "f", "include", 0), "lib", is_folder=True),
        NamedPath(("layers", "l", "requirements"), "requirements.txt", is_folder=False),
        NamedPath(("endpoints", "/a", "body"), "a.json", is_folder=False),
        NamedPath(("parameters", "p", "schema"), "p.json", is_folder=False),
    }


@pytest.mark.parametrize("data", [None, [], {"functions": 5}, {"functions": {"f": {"source": ["h"]}}}])
def test_data_that_are_not_sound_name_nothing(data: Any) -> None:
    assert list(named_paths(data, schema())) == []
