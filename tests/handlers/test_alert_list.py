"""The line of docs/operations.md by which an operator reads a storm's list, on a table of the handlers."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent.parent / "docs/operations.md"


def query_of_the_page() -> dict[str, str]:
    [block] = re.findall(
        r"^\$ (aws dynamodb query .*?)\n```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    words = shlex.split(block.replace("\\\n", " "))[3:]
    return dict(zip((word.removeprefix("--") for word in words[::2]), words[1::2], strict=True))


def test_an_operator_reads_the_list_of_a_storm(world: Any) -> None:
    hot = [{"device_id": f"device-{n}", "sensor_data": {"temperature": 90 + n}} for n in range(50)]
    assert world.consume(json.dumps({"readings": hot})) == []
    [notification] = world.notifications()
    line = query_of_the_page()
    values = json.loads(line["expression-attribute-values"])
    assert values[":list"] == {"S": notification["listed"]["device_id"]}
    values[":from"]["S"] = notification["listed"]["from"]
    found = world.clients["dynamodb"].query(
        TableName=notification["listed"]["table"],
        KeyConditionExpression=line["key-condition-expression"],
        ExpressionAttributeNames=json.loads(line["expression-attribute-names"]),
        ExpressionAttributeValues=values,
    )["Items"]
    [row] = found
    shown = re.fullmatch(r"Items\[\]\.\[(.*)\]", line["query"])
    assert shown
    date, sensor, bound, limit, devices, listed = (
        row[name][kind] for name, kind in (path.split(".") for path in shown[1].split(", "))
    )
    assert date.startswith(notification["listed"]["from"])
    assert (sensor, bound, limit, devices) == ("temperature", "max", "80", "50")
    assert json.loads(listed) == {f"device-{n}": 90 + n for n in range(50)}
