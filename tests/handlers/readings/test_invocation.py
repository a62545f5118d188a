import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from readings import log
from readings.invocation import METRICS, running


def test_without_counts_the_line_holds_no_metrics(world: Any) -> None:
    with running(world.services, world.clock.context()):
        pass
    [line] = world.log_lines()
    assert "_aws" not in line
    assert line["level"] == "INFO"
    assert line["request_id"] == "request-1"


def test_every_metric_has_a_count(world: Any) -> None:
    with running(world.services, world.clock.context()) as invocation:
        for name in METRICS:
            invocation.count(name, 2)
    [line] = world.log_lines()
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert {metric["Name"] for metric in directive["Metrics"]} == set(METRICS.values())
    assert all(line[metric] == [2.0] for metric in METRICS.values())
    assert line["service"] == "service-under-test"


def test_an_error_is_logged_and_goes_on(world: Any) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        running(world.services, world.clock.context()) as invocation,
    ):
        invocation.count("processed", 1 // 0)
    [line] = world.log_lines()
    assert line["level"] == "ERROR"
    [fault] = line["faults"]
    assert fault["type"] == "ZeroDivisionError"
    assert fault["at"].startswith("test_invocation.py:")


def test_a_bad_configuration_is_an_error_in_the_log(world: Any) -> None:
    world = world.configure(limits={"readings": "many"})
    with running(world.services, world.clock.context()) as invocation:
        assert invocation.config().limits.readings == 1000
    [line] = world.log_lines()
    assert line["level"] == "ERROR"
    assert line["config_error"] == "ConfigError: limits.readings must be integer"
    assert line["ConfigErrors"] == [1.0]


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"])
@pytest.mark.parametrize("failing", [True, False])
def test_metrics_pass_the_log_filter_at_any_level(world: Any, level: str, failing: bool) -> None:
    stream = io.StringIO()
    logger = log.make(service=f"at-{level}-{failing}", level=level, stream=stream)
    with running(replace(world.services, logger=logger), world.clock.context()) as invocation:
        invocation.count("processed", 3)
        if failing:
            invocation.fault(ValueError())
    [line] = [line for line in map(json.loads, stream.getvalue().splitlines()) if passes(line, level)]
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert {metric["Name"] for metric in directive["Metrics"]} >= {"ReadingsProcessed"}
    assert line["ReadingsProcessed"] == [3.0]
    assert line["service"] == "service-under-test"
    assert ("counts" in line) == (level in ("DEBUG", "INFO") or (failing and level != "CRITICAL"))


def passes(line: dict[str, Any], level: str) -> bool:
    """Whether Lambda's filter passes a line, by its documentation."""
    levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
    rfc_3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    known = re.fullmatch(rfc_3339, line.get("timestamp", "")) and line.get("level") in levels
    own = line["level"] if known else "INFO"
    return levels.index(own) >= levels.index(level.replace("CRITICAL", "FATAL"))


def test_below_the_level_an_invocation_without_metrics_leaves_nothing(world: Any) -> None:
    stream = io.StringIO()
    logger = log.make(service="quiet", level="WARN", stream=stream)
    with running(replace(world.services, logger=logger), world.clock.context()):
        pass
    assert stream.getvalue() == ""


def test_half_a_surrogate_pair_loses_no_line(world: Any) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    logger = log.make(service="half", stream=stream)
    with running(replace(world.services, logger=logger), world.clock.context()) as invocation:
        invocation.note(config_error="\ud800")
    stream.seek(0)
    assert json.loads(stream.read())["config_error"] == "\ud800"


@pytest.mark.parametrize(
    ("devices", "annotation"), [(["d"], "d"), (["d", "d"], "d"), (["d", "e"], "several")]
)
def test_annotates_device_and_batch(world: Any, devices: list[str], annotation: str) -> None:
    datagrams: list[bytes] = []
    environment = {
        **world.environment,
        "_X_AMZN_TRACE_ID": "Root=1-a-b;Parent=c;Sampled=1",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
    }
    services = replace(
        world.services, environment=environment, send_trace=lambda _, datagram: datagrams.append(datagram)
    )
    readings: Any = [
        type("Named", (), {"device_id": device, "event_id": f"e-{number}"})
        for number, device in enumerate(devices)
    ]
    with running(services, world.clock.context()) as invocation:
        invocation.handle(readings)
    [datagram] = datagrams
    assert json.loads(datagram.partition(b"\n")[2])["annotations"] == {
        "device": annotation,
        "batch": len(devices),
    }
