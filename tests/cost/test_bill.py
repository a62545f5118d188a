"""The bill of a month: what it adds up to, what moves it, and where its numbers come from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen.cost import Basis, Bill, Load, bill, of_resource, read_measured, read_prices, savings, traffic
from iotgen.cost.measured import between
from iotgen.errors import UsageError

if TYPE_CHECKING:
    from iotgen.model.pipeline import Pipeline
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
parameters:
  config: {value: {retention_days: 100}}
tables:
  rows: {partition_key: {id: string}, ttl: expires_at}
  kept: {partition_key: {id: string}, point_in_time_recovery: false}
queues: {jobs: {}}
topics: {alerts: {subscriptions: [{email: a@example.com}, {https: "https://example.com/x"}]}}
buckets: {files: {expire_days: 90, versioned: true}}
functions:
  intake: {source: h/intake, access: {queues: {jobs: send}, tables: {rows: write}}}
  worker:
    source: h/worker
    triggers: [{queue: jobs, batch_size: 10}]
    access: {tables: {kept: [put, get]}, topics: {alerts: publish}}
  reader: {source: h/reader, access: {tables: {rows: read}}}
  loader:
    source: h/loader
    triggers: [{bucket: files, prefix: in/}]
    access: {buckets: {files: {read: in/}}}
endpoints:
  /in: {method: POST, function: intake}
  /out: {method: GET, function: reader}
"""


@pytest.fixture
def pipeline(compile_spec: Compile) -> Pipeline:
    return compile_spec(SPEC).model


def pay(pipeline: Pipeline, load: Load, *, free_tier: bool = False) -> Bill:
    return bill(pipeline, load, read_measured(), read_prices(), free_tier=free_tier)


def quantity(found: Bill, item: str, key: str = "") -> float:
    return sum(line.quantity for line in found.lines if line.item == item and key in ("", line.key))


def test_a_request_for_each_batch_of_readings(pipeline: Pipeline) -> None:
    found = pay(pipeline, Load(devices=100, every=60, batch=1, queries=0))
    assert quantity(found, "api.requests") == pytest.approx(100 * 30 * 24 * 60)
    ten = pay(pipeline, Load(devices=100, every=60, batch=10, queries=0))
    assert quantity(ten, "api.requests") == pytest.approx(10 * 30 * 24 * 60)


def test_a_reading_is_followed_through_the_queue_to_the_table_behind_it(pipeline: Pipeline) -> None:
    found = pay(pipeline, Load(devices=100, every=60, queries=0))
    readings = 100 * 30 * 24 * 60
    assert quantity(found, "dynamodb.writes", "rows") == pytest.approx(readings)
    assert quantity(found, "dynamodb.writes", "kept") == pytest.approx(readings)
    assert dict(found.by(lambda line: line.group)).keys() >= {"POST /in", "queue jobs", "function worker"}
    assert quantity(found, "sns.email") == pytest.approx(readings / 333, rel=0.01)
    assert quantity(found, "sns.https") == quantity(found, "sns.email")


def test_queries_are_a_days_and_read_pages(pipeline: Pipeline) -> None:
    found = pay(pipeline, Load(devices=1, every=1e9, queries=100, page=100))
    assert quantity(found, "api.requests") == pytest.approx(3000, rel=1e-3)
    # 100 items of 152 bytes are four units of 4 KB, at half a unit each.
    assert quantity(found, "dynamodb.reads", "rows") == pytest.approx(3000 * 2, rel=1e-3)


@pytest.mark.parametrize(("to", "item"), [("files", "s3.puts"), ("/in", "api.requests")])
def test_readings_arrive_where_they_are_sent(to: str, item: str, pipeline: Pipeline) -> None:
    found = pay(pipeline, Load(to=to, queries=0))
    assert quantity(found, item) == pytest.approx(100 * 30 * 24 * 60)


def test_a_place_where_no_reading_arrives(pipeline: Pipeline) -> None:
    with pytest.raises(UsageError, match="no readings arrive at `jobs`") as caught:
        pay(pipeline, Load(to="jobs"))
    assert caught.value.hint == "Name one of these: /in, files."


def test_a_queue_that_nothing_feeds_is_fed_from_outside(compile_spec: Compile) -> None:
    spec = SPEC.replace("queues: {jobs: send}, ", "")
    found = pay(compile_spec(spec).model, Load(to="jobs", queries=0))
    assert quantity(found, "sqs.requests") > 2 * 100 * 30 * 24 * 60
    assert quantity(found, "dynamodb.writes", "kept") > 0


def test_storage_grows_until_readings_expire(pipeline: Pipeline) -> None:
    month, year = (pay(pipeline, Load(days=days)) for days in (30, 365))
    assert month.retention == 100
    rows = [quantity(one, "dynamodb.storage", "rows") for one in (month, year)]
    assert rows[1] == pytest.approx(rows[0] * 100 / 30)
    kept = [quantity(one, "dynamodb.storage", "kept") for one in (month, year)]
    assert kept[1] == pytest.approx(kept[0] * 365 / 30)  # without a ttl nothing expires
    assert quantity(year, "dynamodb.backup", "kept") == 0


def test_objects_stay_until_they_expire_and_as_versions_for_a_month_more(pipeline: Pipeline) -> None:
    found = pay(pipeline, Load(to="files", queries=0, days=365))
    daily = 100 * 24 * 60 * 152 / 1e9
    assert quantity(found, "s3.storage") == pytest.approx(daily * (90 + 30))


def test_larger_items_take_more_units(pipeline: Pipeline) -> None:
    small, large = (pay(pipeline, Load(reading_bytes=size, queries=0)) for size in (1024, 1025))
    assert quantity(large, "dynamodb.writes", "rows") == 2 * quantity(small, "dynamodb.writes", "rows")


def test_a_quiet_queue_is_polled_all_the_same(pipeline: Pipeline) -> None:
    found = pay(pipeline, Load(devices=1, every=1e12, queries=0))
    assert quantity(found, "sqs.requests") == pytest.approx(648_000, rel=0.001)  # five pollers, each 20 s


def test_what_is_known_of_each_function_is_said(compile_spec: Compile) -> None:
    spec = """\
version: 1
pipeline: p
tables: {processed-data: {partition_key: {id: string}}, raw-sensor-data: {partition_key: {id: string}}}
queues: {iot-ingestion: {}}
topics: {device-alerts: {}}
functions:
  data-ingestion:
    source: handlers/data_ingestion
    access:
      tables: {raw-sensor-data: [batch_write], processed-data: [put]}
      queues: {iot-ingestion: send}
  data-processor:
    source: mine/data_processor/
    triggers: [{queue: iot-ingestion}]
    access: {tables: {processed-data: write}, topics: {device-alerts: publish}}
  data-query: {source: handlers/data_query}
endpoints:
  /ingest: {method: POST, function: data-ingestion}
  /query: {method: GET, function: data-query}
"""
    pipeline = compile_spec(spec).model
    found = traffic(pipeline, Load(), read_measured(), frozenset({"data-ingestion"}))
    assert found.bases == {
        "data-ingestion": Basis.MEASURED,
        "data-processor": Basis.CHANGED,
        "data-query": Basis.ASSUMED,  # it has no access to what that handler reads
    }


def test_a_tier_is_for_the_whole_month(pipeline: Pipeline) -> None:
    prices = read_prices().items["api.requests"]
    assert prices.price(333e6) == pytest.approx(1165.50)
    assert prices.price(1_000e6) == pytest.approx(1165.50 + 667 * 2.80)
    found = pay(pipeline, Load(devices=1_000_000, every=60, queries=10))
    lines = [line for line in found.lines if line.item == "api.requests"]
    total = sum(line.quantity for line in lines)
    assert total > 333e6
    assert sum(line.usd for line in lines) == pytest.approx(prices.price(total))


def test_the_free_tier_is_subtracted_if_asked(pipeline: Pipeline) -> None:
    load = Load(devices=1, every=3600, queries=0)
    whole, free = pay(pipeline, load), pay(pipeline, load, free_tier=True)
    assert free.usd < whole.usd
    assert sum(line.usd for line in free.lines if line.service in ("Lambda", "SQS", "X-Ray")) == 0
    assert sum(line.usd for line in free.lines if line.item == "api.requests") > 0


def test_the_sums_are_the_bill_whichever_way_it_is_cut(pipeline: Pipeline) -> None:
    found = pay(pipeline, Load())
    for cut in (found.by(lambda line: line.group), found.by(lambda line: line.service)):
        assert sum(usd for _, usd in cut) == pytest.approx(found.usd, abs=0.01)
    keys = {(line.section, line.key) for line in found.lines}
    assert sum(of_resource(found, *key).usd for key in keys) == pytest.approx(found.usd)


def test_the_same_load_gives_the_same_bill(compile_spec: Compile) -> None:
    first, second = (pay(compile_spec(SPEC).model, Load()) for _ in range(2))
    assert first == second


def test_what_saves_is_computed_anew_and_sorted(pipeline: Pipeline) -> None:
    load = Load(devices=1000)
    found = savings(pipeline, load, pay)
    assert [one.usd for one in found] == sorted((one.usd for one in found), reverse=True)
    by_name = {one.change: one.usd for one in found}
    now = pay(pipeline, load).usd
    batched = pay(pipeline, replace(load, batch=100)).usd
    assert by_name["100 readings in a request"] == pytest.approx(now - batched)
    assert by_name["architecture: arm64 (functions)"] > 0
    backup = quantity(pay(pipeline, load), "dynamodb.backup") * 0.2
    assert by_name["point_in_time_recovery: false (tables)"] == pytest.approx(backup)


def test_a_change_that_is_made_already_saves_nothing(compile_spec: Compile) -> None:
    spec = SPEC.replace("functions:", "defaults: {function: {architecture: arm64}}\nfunctions:", 1)
    names = [one.change for one in savings(compile_spec(spec).model, Load(devices=1000), pay)]
    assert "architecture: arm64 (functions)" not in names


def test_a_key_of_the_pipelines_own_costs_a_dollar_and_its_uses(compile_spec: Compile) -> None:
    found = pay(compile_spec(f"{SPEC}encryption: {{customer_managed_key: true}}\n").model, Load())
    assert quantity(found, "kms.keys") == 1
    assert quantity(found, "kms.requests") > 0


@pytest.mark.parametrize(("at", "value"), [(1, 10), (2, 20), (5, 30), (7.5, 40), (10, 50), (20, 90), (0, 0)])
def test_between_what_was_measured_values_lie_on_a_line(at: float, value: float) -> None:
    assert between((1, 2, 5, 10), (10, 20, 30, 50), at) == pytest.approx(value)


def test_every_item_that_kinds_charge_has_a_price_with_its_source(pipeline: Pipeline) -> None:
    charged = {line.item for line in pay(pipeline, Load()).lines}
    assert charged <= read_prices().items.keys()


def test_the_costs_page_has_the_bill_over_mqtt(compile_spec: Compile, repo: Path) -> None:
    text = (repo / "specs/mqtt.yaml").read_text(encoding="utf-8")
    found = pay(compile_spec(text, "prod", files=repo).model, Load(devices=1000))
    paths = ("rule telemetry", "queue iot-ingestion", "function data-processor", "topic device-alerts")
    of_path = dict(found.by(lambda line: line.group))
    usd = [of_path[path] for path in paths]
    numbers = [f"{one:.2f}" for one in usd] + [f"**{sum(usd):.2f}**", f"**{sum(usd) / 43.2:.2f}**"]
    assert quantity(found, "iot.minutes") == 1000 * 30 * 24 * 60
    assert f"| over MQTT | {' | '.join(numbers)} |" in (repo / "docs/cost.md").read_text(encoding="utf-8")


def test_messages_by_basic_ingest_alone_are_not_charged_as_messages(
    compile_spec: Compile, repo: Path
) -> None:
    text = (repo / "specs/mqtt.yaml").read_text(encoding="utf-8")
    direct = text.replace(" FROM 'dt/{suffix}/+/telemetry'", "").replace("topic(3)", "device_id")
    load = Load(devices=1000)
    by_broker, by_itself = (pay(compile_spec(one, "prod", files=repo).model, load) for one in (text, direct))
    messages = 1000 * 30 * 24 * 60
    assert (quantity(by_broker, "iot.messages"), quantity(by_itself, "iot.messages")) == (messages, 0)
    assert quantity(by_broker, "iot.rules") == quantity(by_itself, "iot.rules") == messages


def test_batches_save_nothing_where_a_rule_takes_one_reading_out_of_each_message(
    compile_spec: Compile, repo: Path
) -> None:
    text = (repo / "specs/mqtt.yaml").read_text(encoding="utf-8")
    one_each = compile_spec(text, "prod", files=repo).model
    whole = compile_spec(text.replace("SELECT timestamp", "SELECT *, timestamp"), "prod", files=repo).model

    def batches(model: Pipeline) -> list[str]:
        changes = [saving.change for saving in savings(model, Load(devices=1000), pay)]
        return sorted(change for change in changes if change.endswith("in a request"))

    assert batches(one_each) == []
    assert batches(whole) == ["10 readings in a request", "100 readings in a request"]


def test_a_fifo_topic_costs_by_the_message_and_the_byte_and_each_queue(compile_spec: Compile) -> None:
    spec = (
        "version: 1\npipeline: p\nqueues: {one: {fifo: true}, two: {fifo: true}}\n"
        "topics: {alerts: {fifo: true, subscriptions: [{queue: one}, {queue: two}]}}\n"
        "functions: {f: {source: h/f, access: {topics: {alerts: publish}}}}\n"
        "endpoints: {/in: {method: POST, function: f}}\n"
    )
    found = pay(compile_spec(spec, rules=()).model, Load(devices=1000))
    messages = quantity(found, "sns.fifo_requests", "alerts")
    assert messages > 0
    assert quantity(found, "sns.requests", "alerts") == 0
    assert quantity(found, "sns.fifo_delivered", "alerts") == pytest.approx(2 * messages)
    sent = quantity(found, "sns.fifo_bytes", "alerts")
    assert quantity(found, "sns.fifo_delivered_bytes", "alerts") == pytest.approx(2 * sent)
    assert sent > 0
    assert {line.item for line in found.lines} <= read_prices().items.keys()


def test_partitions_of_a_delivery_are_paid_apart(compile_spec: Compile) -> None:
    spec = """\
version: 1
pipeline: p
buckets: {lake: {}}
deliveries:
  parted: {bucket: lake, partition_by: {device: .device}, buffer: {size: 64, seconds: 300}}
  whole: {bucket: lake}
functions: {intake: {source: h, access: {deliveries: {parted: put, whole: put}}}}
endpoints: {/in: {method: POST, function: intake}}
"""
    found = pay(compile_spec(spec).model, Load(devices=100, every=1, batch=1, queries=0))
    readings = 100 * 30 * 86_400
    assert quantity(found, "firehose.partitioned", "parted") == pytest.approx(readings * 5120 / 1e9)
    assert quantity(found, "firehose.partitions", "parted") == pytest.approx(30 * 86_400 / 300)
    assert quantity(found, "firehose.partitioned", "whole") == 0
