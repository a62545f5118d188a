"""The SQL of IoT rules: what AWS's own pages show is taken, and each mistake is at its character."""

from __future__ import annotations

import random

import pytest

from iotgen.iot_sql import parse
from iotgen.iot_sql.functions import ARGUMENTS

# In the forms of https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html and its pages.
VALID = (
    "SELECT color AS rgb FROM 'topic/subtopic' WHERE temperature > 50",
    "SELECT * FROM 'topic/subtopic'",
    "select * from 'topic/subtopic'",
    "SELECT color as my_color, temperature as fahrenheit FROM 'topic/subtopic'",
    "SELECT *, 15 as speed FROM 'topic/subtopic'",
    "SELECT VALUE color FROM 'topic/subtopic'",
    "SELECT color.red as red_value FROM 'topic/subtopic'",
    "SELECT (temperature - 32) * 5 / 9 AS celsius, upper(color) as my_color FROM 'topic/subtopic'",
    "SELECT temperature AS t FROM 'topic/#'",
    "SELECT color AS my_color FROM 'topic/subtopic' WHERE temperature > 50 AND color <> 'red'",
    "SELECT decode(encode(*, 'base64'), 'base64') AS value FROM 'a/b' "
    "WHERE decode(encode(*, 'base64'), 'base64') > 50",
    "SELECT CASE color WHEN 'green' THEN 'go' WHEN 'red' THEN 'stop' ELSE 'other' END as now FROM 'a/b'",
    "SELECT CASE WHEN temperature > 30 THEN 'hot' END AS felt FROM 'a/b'",
    "SELECT foo.bar AS bar.baz FROM 'topic/subtopic'",
    'SELECT * from \'iot/rules\' WHERE get(get(get(mydata,"item2"),"0"),"my-key") = "myValue"',
    "SELECT temp, md5(deviceid) AS hashed_id FROM 'topic/#'",
    "SELECT {'latitude': get(lat_long, 0),'longitude':get(lat_long, 1)} as lat_long FROM 'topic/subtopic'",
    "SELECT [lat,long] as lat_long FROM 'topic/subtopic'",
    "SELECT (SELECT VALUE n FROM e) as sensors FROM 'my/topic'",
    "SELECT (SELECT v FROM e WHERE n = 'temperature') as temperature FROM 'my/topic'",
    "SELECT get((SELECT v FROM e WHERE n = 'temperature'), 0).v as temperature FROM 'topic'",
    "SELECT *, timestamp() AS timestamp FROM 'my/iot/topic'",
    "SELECT * FROM 'topic/subtopic' WHERE timestamp() % 12 = 0",
    "SELECT *, principal() as principal, timestamp() as time FROM 'topic/subtopic'",
    "SELECT * AS message FROM 'some/topic'",
    'SELECT *, get_dynamodb("InService", "deviceId", id, "arn:aws:iam::1:role/r").location AS l FROM \'a\'',
    'SELECT get_thing_shadow("MyThing","MyThingShadow","arn:aws:iam::1:role/r") FROM \'topic/subtopic\'',
    "SELECT topic(2) as device_id, year, month, day FROM 'device/+/data'",
    "SELECT cast(true as Decimal) AS one, cast(\"5\" as Int) FROM 'a/b'",
    "SELECT * FROM 'a/b' WHERE color IN ['red', 'blue'] AND NOT (size IN [1, 2])",
    "SELECT * FROM 'a/b' WHERE color NOT IN ('red', 'blue')",
    "SELECT * FROM 'a/b' WHERE EXISTS (SELECT * FROM e WHERE n = 1)",
    "SELECT * FROM 'a/b' WHERE isUndefined(x) OR isNull(y)",
    "SELECT -5 AS cold, +5 AS warm, 1e3 AS many, 2.5 AS some FROM 'a/b'",
    "SELECT values[0].temperature AS first, a.b.0.c FROM 'a/b'",
    "SET @limit = 5, @more = @limit + 1 SELECT * FROM 'a/b' WHERE temperature > @limit",
    "SELECT *\n  , topic(3) AS device\nFROM 'dt/site/+/telemetry'\nWHERE value > 0",
    "SELECT 'it''s' AS text FROM 'a/b'",
    "SELECT * WHERE temperature > 5",
    "SELECT concat() AS nothing, concat(a, '-', b, '-', c) AS id, newuuid() AS uuid FROM 'a/b'",
    "SELECT regexp_replace(topic(), '/', '.') AS name, substring('hello', 1, 3) AS s FROM 'a/b'",
    "SELECT parse_time(\"yyyy.MM.dd G 'at' HH:mm:ss z\", timestamp(), 'Europe/Berlin') AS at FROM 'a/b'",
    "SELECT transform(\"enrichArray\", attributes, items) AS t FROM 'a/b'",
    "SELECT decode(encode(*, 'base64'), 'proto', 'bucket', 'key', 'file', 'Type') AS p FROM 'a/b'",
    "SELECT value FROM 'a/b' WHERE value > 1",
    "SELECT state.reported.temperature FROM '$aws/things/+/shadow/update/accepted'",
    "SELECT topic(3) AS thing, current.state.reported.* FROM '$aws/things/+/shadow/update/documents'",
    "SELECT state.reported.*, timestamp() AS at FROM '$aws/things/+/shadow/update/accepted'",
)


@pytest.mark.parametrize("text", VALID)
def test_what_aws_takes(text: str) -> None:
    assert parse(text).faults == ()


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("", 0, "expected `SELECT`, not the end"),
        ("SELCT * FROM 'a'", 0, "expected `SELECT`, not `SELCT`"),
        ("SELECT FROM 'a'", 7, "expected an expression, not `FROM`"),
        ("SELECT * FORM 'a'", 9, "expected a clause, not `FORM`; did you mean `FROM`?"),
        ("SELECT * FROM \"a/b\"", 14, "`FROM` takes a topic filter in single quotes, not `\"a/b\"`"),
        ("SELECT * FROM a/b", 14, "`FROM` takes a topic filter in single quotes, not `a`"),
        ("SELECT * FROM", 13, "`FROM` takes a topic filter in single quotes, not the end"),
        ("SELECT * FROM 'a/b", 14, "the text that begins with ' does not end"),
        ("SELECT * FROM 'a' WHRE x = 1", 18, "expected a clause, not `WHRE`; did you mean `WHERE`?"),
        ("SELECT * FROM 'a' WHERE x == 1", 26, "`==` is not a sign of IoT SQL; did you mean `=`?"),
        ("SELECT * FROM 'a' WHERE x && y", 26, "`&&` is not a sign of IoT SQL; did you mean `AND`?"),
        ("SELECT * FROM 'a';", 17, "`;` is not a sign of IoT SQL"),
        ("SELECT (a FROM 'a'", 10, "expected `)`, not `FROM`"),
        ("SELECT a, FROM 'a'", 10, "expected an expression, not `FROM`"),
        ("SELECT a AS FROM 'a'", 17, "expected `,` or `FROM`, not `'a'`"),
        ("SELECT * FROM 'a' WHERE", 23, "expected an expression, not the end"),
        ("SELECT CASE x THEN 1 END FROM 'a'", 14, "expected `WHEN`, not `THEN`"),
        (
            "SELECT timestmap() FROM 'a'",
            7,
            "`timestmap` is not a function of IoT SQL; did you mean `timestamp`?",
        ),
        ("SELECT now() FROM 'a'", 7, "`now` is not a function of IoT SQL; did you mean `timestamp`?"),
        ("SELECT upper(a, b) FROM 'a'", 7, "`upper` takes 1 argument, and is given 2 arguments"),
        ("SELECT newuuid(1) FROM 'a'", 7, "`newuuid` takes no arguments, and is given 1 argument"),
        ("SELECT substring(a) FROM 'a'", 7, "`substring` takes 2 or 3 arguments, and is given 1 argument"),
        ("SELECT lpad() FROM 'a'", 7, "`lpad` takes 2 arguments, and is given none"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_once_where_it_is(text: str, at: int, message: str) -> None:
    assert [(fault.at, fault.message) for fault in parse(text).faults] == [(at, message)]


def test_each_function_that_is_wrong_is_reported() -> None:
    query = parse("SELECT uper(a) AS a, lower() AS b FROM 'a'")
    assert [fault.at for fault in query.faults] == [7, 21]


def test_what_a_statement_selects_and_from_where() -> None:
    text = "SELECT *, topic(2) AS device, a.b, upper(c), timestamp() FROM 'dt/+/x' WHERE topic(3) = 'x'"
    query = parse(text)
    assert query.whole
    assert query.columns == ("device", "b", "upper", "timestamp")
    assert query.topic == "dt/+/x"
    assert text[query.topic_at :].startswith("dt/")
    assert [level.number for level in query.levels] == [2, 3]
    assert parse("SELECT VALUE a FROM 'b'").bare
    assert parse("SELECT encode(*, 'base64') AS data FROM 'b'").decodes


def test_a_deep_expression_is_an_error_and_no_crash() -> None:
    [fault] = parse("SELECT " + "(" * 5000 + "1" + ")" * 5000 + " FROM 'a'").faults
    assert fault.message == "the expression is nested too deeply"


def test_any_text_is_answered() -> None:
    """Pieces of statements in any order: the parser ends, and each fault is within the text."""
    pieces = [
        *("SELECT", "FROM", "WHERE", "AS", "CASE", "WHEN", "THEN", "END", "NOT", "IN"),
        *("'a/+'", "*", "(", ")", ",", "a", "topic(", "1", "[", "]", "{", "}", ":", "=", "-", "."),
        *('"x"', "'", "é", "${", "\n"),
    ]
    source = random.Random(7)  # noqa: S311 - for a test
    for _ in range(3000):
        text = " ".join(source.choices(pieces, k=source.randint(0, 15)))
        query = parse(text)
        assert all(0 <= fault.at <= len(text) for fault in query.faults)


OPERATORS = ("+", "-", "*", "/", "%", "=", "<>", "<", ">=", "AND", "OR")


def _expression(source: random.Random, depth: int = 0) -> str:
    """An expression of AWS's grammar."""

    def below() -> str:
        return _expression(source, depth + 1)

    leaves = ["temperature", "a.b", "'text'", '"text"', "5", "-2.5", "true", "null", "topic()", "@v"]
    if depth > 2:
        return source.choice(leaves)
    name = source.choice(sorted(ARGUMENTS))
    least, most = ARGUMENTS[name]
    count = source.randint(least, min(most, least + 2))
    return source.choice([
        source.choice(leaves),
        f"({below()} {source.choice(OPERATORS)} {below()})",
        f"{name}({', '.join(below() for _ in range(count))})",
        f"CASE {below()} WHEN {below()} THEN {below()} ELSE {below()} END",
        f"[{below()}, {below()}]",
        f"{{'k': {below()}}}",
        f"NOT {below()}",
        f"get({below()}, 0).v",
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(150))
def test_a_statement_of_the_grammar_has_no_fault(seed: int) -> None:
    source = random.Random(seed)  # noqa: S311 - for a test
    items = ", ".join(f"{_expression(source)} AS c{number}" for number in range(source.randint(1, 4)))
    statement = ("SELECT *,", items, "FROM 'dt/+/x' WHERE", _expression(source))
    assert parse(" ".join(statement)).faults == ()
