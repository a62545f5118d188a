"""Problems in SARIF 2.1.0."""

import json
from typing import Any

from iotgen.codes import CODES, address, page
from iotgen.problem import Problem, Severity
from iotgen.sarif import sarif

PROBLEMS = [
    Problem("s p/é.yaml", 2, 11, "IOT104", "`pipeline` is odd", path="/pipeline", hint="write another"),
    Problem("s.yaml", 3, 1, "IOT340", "slow", Severity.WARNING),
    Problem("s.yaml", 4, 1, "IOT341", "open", Severity.INFO),
]


def _run(problems: list[Problem]) -> dict[str, Any]:
    log = json.loads(sarif(problems, "1.2.3"))
    assert (log["$schema"], log["version"]) == ("https://json.schemastore.org/sarif-2.1.0.json", "2.1.0")
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    found: dict[str, Any] = run
    return found


def test_a_result_has_its_place_and_its_level() -> None:
    results = _run(PROBLEMS)["results"]
    assert [(result["ruleId"], result["level"]) for result in results] == [
        ("IOT104", "error"),
        ("IOT340", "warning"),
        ("IOT341", "note"),
    ]
    first = results[0]
    assert first["message"] == {"text": "`pipeline` is odd (write another)"}
    place = first["locations"][0]["physicalLocation"]
    # A URI, in which a path's spaces and letters beyond ASCII are escaped.
    assert place["artifactLocation"]["uri"] == "s%20p/%C3%A9.yaml"
    assert place["region"] == {"startLine": 2, "startColumn": 11}


def test_every_rule_is_described() -> None:
    driver = _run([])["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("iotgen", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == list(CODES)
    for rule in driver["rules"]:
        about = CODES[rule["id"]]
        assert rule["shortDescription"] == {"text": about.summary}
        assert rule["fullDescription"] == {"text": about.why or about.summary}
        assert rule["help"] == {"text": f"{about.why} {about.fix}".lstrip(), "markdown": page(rule["id"])}
        assert rule["helpUri"] == address(rule["id"])
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in driver["rules"]}
    assert (levels["IOT330"], levels["IOT340"], levels["IOT372"]) == ("error", "warning", "note")


def test_a_result_leads_to_its_rule() -> None:
    run = _run(PROBLEMS)
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == ["IOT104", "IOT340", "IOT341"]


def test_nothing_is_a_run_without_results() -> None:
    assert _run([])["results"] == []


def test_characters_that_a_terminal_acts_upon_are_escaped() -> None:
    problem = Problem("s.yaml", 1, 1, "IOT104", "a\x1b[31m\u202eb\x00c", hint="\U000e0041")
    assert sarif([problem], "1").replace("\n", "").isprintable()
