"""Each message whole: a user reads these more than anything else of iotgen."""

# ruff: noqa: E501 - a case is a line

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from iotgen.problem import Problem
from iotgen.spec.faults import BOUNDS
from iotgen.spec.load import load
from iotgen.spec.schema import SCHEMA_FILE, schema
from iotgen.spec.validate import validate

HEAD = "version: 1\npipeline: p\n"


def as_text(problems: Iterable[Problem]) -> str:
    return "".join(
        f"{one.file}:{one.line}:{one.column}: {one.code} {one.message}\n"
        + (f"    {one.hint}\n" if one.hint else "")
        for one in problems
    )


def _validate(text: str) -> tuple[Any, str]:
    written, problems = load(text, "s.yaml")
    assert problems == ()
    document, faults = validate(written)
    return document.data, as_text(sorted(faults))


def _reported(text: str) -> list[str]:
    """The problems of a spec that begins with HEAD, without their file and the lines of the head."""
    return [
        ":".join([str(int(line.split(":")[1]) - 2), *line.split(":")[2:]]) if line[0] != " " else line.strip()
        for line in _validate(HEAD + text)[1].splitlines()
    ]


def test_a_sound_spec_stays_as_it_is() -> None:
    text = HEAD + "tables: {t: {partition_key: {id: string}}}\n"
    assert _validate(text) == (load(text, "s.yaml")[0].data, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("roles: {r: {access: {}, assumed_by: [{oidc: 'arn:aws:iam::{account}:oidc-provider/a.com', subject: 'repo:*'}]}}\n", ["1:100: IOT104 `subject` cannot be \"repo:*\": use a subject such as repo:acme/pipeline:environment:prod; one that begins with a wildcard would be anyone"]),
        ("memory: 1\n", ["1:1: IOT101 `memory` is not a setting of the spec", f"Use one of: {', '.join(schema()['properties'])}."]),
        ("functons: {}\n", ["1:1: IOT101 `functons` is not a setting of the spec; did you mean `functions`?"]),
        ("functions: {f: {source: h, memmory: 500}}\n", ["1:28: IOT101 `memmory` is not a setting of a function; did you mean `memory`?"]),
        ("functions: {f: {source: h, url: iam}}\n", ["1:33: IOT102 `url` takes true, for signed requests, or settings such as `{auth: none}`, not \"iam\""]),
        ("functions: {f: {source: h, vpc: }}\n", ["1:33: IOT102 `vpc` takes subnets and security groups, or false for none, not empty"]),
        ("functions: {f: {source: h, Memory: 256}}\n", ["1:28: IOT101 `Memory` is not a setting of a function; did you mean `memory`?"]),
        ("functions: {f: {source: h, log-level: INFO}}\n", ["1:28: IOT101 `log-level` is not a setting of a function; did you mean `log_level`?"]),
        ("functions: {f: {sorce: h}}\n", ["1:17: IOT101 `sorce` is not a setting of a function; did you mean `source`?"]),
        ("functions: {f: {source: h, sorce: i}}\n", ["1:28: IOT101 `sorce` is not a setting of a function; did you mean `source`?"]),
        ("functions: {f: {source: h, log_retention_days: 31}}\n", ["1:48: IOT104 `log_retention_days` cannot be 31; did you mean `30`?"]),
        ("defaults: {function: {vpc: {subnets: [], security_groups: [sg-0a1b2c3d]}}}\n", ["1:38: IOT104 `subnets` needs an entry"]),
        ("functions: {f: {memory: 256}}\n", ["1:13: IOT103 `f` needs `source`"]),
        ("defaults: {function: {source: h}}\nfunctions: {f: {memory: 256}, g: {artifact: a.zip}, h: {source: h}}\n", []),
        ("defaults: {function: {artifact: a.zip}}\nfunctions: {f: {memory: 256}, g: {source: h, include: [a]}}\n", []),
        ("defaults: {function: {memory: 256}}\nfunctions: {f: {handler: a.b}}\n", ["2:13: IOT103 `f` needs `source`"]),
        ("tables: {t: {partition_key: {a: string}, indexes: {by-b: {partition_key: {b: string}, capacity: {read: 1, write: 1}}}}}\n", ["1:97: IOT104 `capacity` needs a `capacity` of the table"]),
        ("tables: {t: {partition_key: {a: string}, capacity: {read: 5}}}\n", ["1:42: IOT103 `capacity` needs `write`"]),
        ("deliveries: {d: {bucket: b, partition: none}}\n", ["1:40: IOT104 `partition` needs `partition_by` to be `none`: where keys have nothing else, Firehose adds the time"]),
        ("outputs: {o: {iot: endpoint, attribute: arn}}\n", ["1:41: IOT104 `attribute` is for resources: `iot` is the value itself"]),
        ("queues: {q: {retention_days: 1, retention_minutes: 60}}\n", ["1:30: IOT104 `retention_days` cannot stand beside `retention_minutes`"]),
        ("defaults: {function: {source: h, artifact: a.zip}}\n", ["1:31: IOT104 `source` cannot stand beside `artifact`, which has the code"]),
        ("defaults: {function: {code_uri: h}}\nfunctions: {f: {handler: a.b}}\n", ["1:23: IOT101 `code_uri` is not a setting of the defaults of functions; did you mean `source`?"]),
        ("defaults: {function: {artifact: a.zip}}\nfunctions: {f: {include: [a]}}\n", ["2:26: IOT104 `include` cannot stand beside the `artifact` of the defaults, which has the code"]),
        ("functions: {f: {source: h, environment: {AA: {queue: q, attribute: url}, BB: {iot: endpoint}}}}\n", []),
        ("functions: {f: {source: h, environment: {AA: {table: t, queue: q}}}}\n", ["1:64: IOT104 `queue` is another value: make it a variable of its own"]),
        ("functions: {f: {source: h, environment: {AA: {table: t, attribute: url}}}}\n", ["1:68: IOT104 `attribute` is `name` or `arn`: only a queue, a bucket's website and a user pool have a URL"]),
        ("buckets: {b: {website: true}}\n", ["1:11: IOT103 `b` needs `public`"]),
        ("buckets: {b: {website: true, public: {read: a/}}}\n", ["1:38: IOT104 `public` is `read` beside `website`, whose pages begin at the top of the bucket"]),
        ("buckets: {b: {website: {index: a/index.html}, public: read}}\n", ["1:32: IOT104 `index` cannot be \"a/index.html\": use the name of a page without its folder, such as index.html"]),
        ("buckets: {b: {index_document: index.html, public: read}}\n", ["1:15: IOT101 `index_document` is not a setting of a bucket", "Write `website: {index: index.html, error: 404.html}` and `public: read`."]),
        ("devices: {d: {type: {searchable_attributes: [a]}}}\n", ["1:22: IOT101 `searchable_attributes` is not a setting of the type of devices; did you mean `searchable`?"]),
        ("devices: {d: {type: {searchable: [a, b, c, d]}}}\n", ["1:34: IOT104 `searchable` has too many entries: the most is 3"]),
        ("functions: {f: {source: h, environment: {AA: {iot: endpoint, attribute: name}}}}\n", ["1:73: IOT104 `attribute` is for resources: `iot` is the value itself"]),
        ("functions: {f: {source: h, environment: {AA: {iot: endpiont}}}}\n", ["1:52: IOT104 `iot` cannot be \"endpiont\"; did you mean `endpoint`?"]),
        ("functions: {f: {source: h, environment: {AA: {quue: q}}}}\n", ["1:47: IOT101 `quue` is not a setting of a variable's source; did you mean `queue`?"]),
        ("alarms: {metrics: {m: {expression: a / b, threshold: 1}}}\n", ["1:20: IOT103 `m` needs `of`"]),
        ("alarms: {metrics: {m: {expression: a / b, of: {a: {function: f, metric: A}, b: {namespace: AWS/Lambda, function: f, metric: B}}, threshold: 1}}}\n", []),
        ("alarms: {metrics: {m: {expression: a, of: {A: {function: f, metric: A}}, threshold: 1}}}\n", ["1:44: IOT105 `A` cannot be a key here: use letters, digits and underscores, beginning with a small letter, and not `result`"]),
        ("alarms: {metrics: {m: {expression: a, of: {a: {metric: A}}, threshold: 1}}}\n", ["1:44: IOT103 `a` needs `function`"]),
        ("alarms: {metrics: {m: {expression: a, of: {a: {namespace: AWS/SQS, function: f, metric: A}}, threshold: 1}}}\n", ["1:78: IOT104 `function` cannot stand beside `namespace`: write the metric's dimensions"]),
        ("alarms: {metrics: {m: {expression: a, of: {a: {function: f, metric: A}}, metric: M, threshold: 1}}}\n", ["1:82: IOT104 `metric` cannot stand beside `expression`: write it under `of`"]),
        ("alarms: {metrics: {m: {function: f, metric: M, of: {a: {function: f, metric: A}}, threshold: 1}}}\n", ["1:52: IOT104 `of` needs an `expression` of them"]),
        ("alarms: {metrics: {m: {namespace: AWS/Lambda, function: f, metric: M, dimensions: {A: b}, threshold: 1}}}\n", ["1:83: IOT104 `dimensions` cannot stand beside `function`, which is the metric's dimension"]),
        ("functions: {f: }\n", ["1:16: IOT102 `f` takes a mapping (`key: value` lines), not empty"]),
        ("functions: {f: {source: h, memory: 256 MB}}\n", ["1:36: IOT102 `memory` takes a whole number, not \"256 MB\""]),
        ("functions: {f: {source: h, memory: 64}}\n", ["1:36: IOT104 `memory` must be at least 128"]),
        ("functions: {f: {source: h, timeout: 901}}\n", ["1:37: IOT104 `timeout` must be at most 900"]),
        ("functions: {f: {source: h, runtime: python3.9}}\n", ["1:37: IOT104 `runtime` cannot be \"python3.9\": AWS has ended its support; use python3.10, python3.11, python3.12, python3.13, python3.14"]),
        ("functions: {f: {source: h, runtime: python3.99}}\n", ["1:37: IOT104 `runtime` cannot be \"python3.99\": use python3.10, python3.11, python3.12, python3.13, python3.14"]),
        ("functions: {f: {source: h, runtime: python311}}\n", ["1:37: IOT104 `runtime` cannot be \"python311\"; did you mean `python3.11`?"]),
        ("functions: {f: {source: h, runtime: node}}\n", ["1:37: IOT104 `runtime` cannot be \"node\": use nodejs20.x, nodejs22.x, nodejs24.x"]),
        ("functions: {f: {source: h, layers: a}}\n", ["1:36: IOT102 `layers` takes a list, not \"a\""]),
        ("functions: {f: {source: h, layers: [a, a]}}\n", ["1:36: IOT104 `layers` has the same entry twice"]),
        ("functions: {f: {source: h, layers: [a, b, c, d, e, f]}}\n", ["1:36: IOT104 `layers` has too many entries: the most is 5"]),
        ("functions: {f: {source: /h}}\n", ["1:25: IOT104 `source` cannot be \"/h\": use a path inside the project, relative to its folder"]),
        ("functions: {f: {source: a/../../b}}\n", ["1:25: IOT104 `source` cannot be \"a/../../b\": use a path inside the project, relative to its folder"]),
        ("functions: {f: {source: h, triggers: [{}]}}\n", ["1:39: IOT103 a trigger needs one of `queue`, `dead_letters`, `bucket`, `stream`, `table`, `topic`, `schedule`, `event`, `log_group`, `iot`, `user_pool`"]),
        ("functions: {f: {source: h, triggers: [{prefix: a/}]}}\n", ["1:39: IOT103 a trigger needs one of `queue`, `dead_letters`, `bucket`, `stream`, `table`, `topic`, `schedule`, `event`, `log_group`, `iot`, `user_pool`"]),
        ("functions: {f: {source: h, access: {buckets: {b: {}}}}}\n", ["1:47: IOT103 the access to a bucket needs one of `read`, `write`, `delete`, `list`"]),
        ("functions: {f: {source: h, access: {buckets: {b: {as: IN}}}}}\n", ["1:47: IOT103 the access to a bucket needs one of `read`, `write`, `delete`, `list`"]),
        ("functions: {f: {source: h, access: {buckets: {b: {raed: a/}}}}}\n", ["1:51: IOT101 `raed` is not a setting of the access to a bucket; did you mean `read`?"]),
        ("functions: {f: {source: h, triggers: [{batch_size: 5, bucket: b, prefix: a/, queue: q}]}}\n", ["1:40: IOT101 `batch_size` is not a setting of a bucket's trigger", "Use one of: bucket, prefix, suffix, events.", "1:78: IOT101 `queue` is another kind of trigger than `bucket`", "Write two: one with `bucket`, one with `queue`."]),
        ("functions: {f: {source: h, triggers: [{bukcet: b, prefix: x/}]}}\n", ["1:40: IOT101 `bukcet` is not a kind of trigger; did you mean `bucket`?"]),
        ("functions: {f: {source: h, triggers: [{qeue: b}]}}\n", ["1:40: IOT101 `qeue` is not a kind of trigger; did you mean `queue`?"]),
        ("functions: {f: {source: h, triggers: [{bucket: b, prefix: x}]}}\n", ["1:59: IOT104 `prefix` cannot be \"x\": use letters, digits and !_.'()/-, with a slash at the end, such as readings/"]),
        ("functions: {F_1: {source: h}}\n", ["1:13: IOT105 `F_1` cannot be a key here: use small letters and digits with single dashes between them, beginning with a letter"]),
        ("functions: {a--b: {source: h}}\n", ["1:13: IOT105 `a--b` cannot be a key here: use small letters and digits with single dashes between them, beginning with a letter"]),
        ("functions: {f: {source: h, access: {tables: {t: raed}}}}\n", ["1:49: IOT104 `t` cannot be \"raed\"; did you mean `read`?"]),
        ("tables: {t: {partition_key: {a: string, b: string}}}\n", ["1:29: IOT104 `partition_key` has too many entries: the most is 1"]),
        ("tables: {t: {partition_key: {}}}\n", ["1:29: IOT104 `partition_key` needs an entry"]),
        ("tables: {t: {partition_key: {a: string}, ttl: \"\"}}\n", ["1:47: IOT104 `ttl` must not be empty"]),
        ("tables: [t]\n", ["1:9: IOT102 `tables` takes a mapping (`key: value` lines), not a list"]),
        ("tables: {\"a\\n\": {partition_key: {a: string}}}\n", ["1:10: IOT105 `a\\n` cannot be a key here: use small letters and digits with single dashes between them, beginning with a letter"]),
        ("parameters: {k: {secure: true, value: hunter2}}\n", ["1:39: IOT104 `value` cannot be set for a secure parameter: the secret would be in the file, the plan and the state"]),
        ("parameters: {k: {}}\n", ["1:14: IOT103 `k` needs `value`"]),
        ("parameters: {k: {secure: treu}}\n", ["1:26: IOT102 `secure` takes true or false, not \"treu\""]),
        ("parameters: {k: {secure: false}}\n", ["1:14: IOT103 `k` needs `value`"]),
        ("parameters: {k: {secre: true}}\n", ["1:18: IOT101 `secre` is not a setting of a parameter; did you mean `secure`?"]),
        ("parameters: {k: {value: }}\n", ["1:25: IOT102 `value` takes a text, a number, true or false, a mapping (`key: value` lines) or a list, not empty"]),
        ("parameters: {k: {value: x, description: %s}}\n" % ("x" * 1025), ["1:41: IOT104 `description` must have at most 1024 characters"]),
        ("topics: {t: {subscriptions: [{email: nobody}]}}\n", ["1:38: IOT104 `email` cannot be \"nobody\": use an email address"]),
        ("topics: {t: {subscriptions: [{email: a@b.cd}, {email: a@b.cd}]}}\n", ["1:29: IOT104 `subscriptions` has the same entry twice"]),
        ("alarms: {functions: {errors: true}}\n", ["1:30: IOT104 `errors` takes a number, or false to disable the alarm"]),
        ("alarms: {metrics: {m: {function: f, metric: M, threshold: 0}}}\n", ["1:59: IOT104 `threshold` must be more than 0"]),
        ("alarms: {metrics: {m: {function: f}}}\n", ["1:20: IOT103 `m` needs `metric`", "1:20: IOT103 `m` needs `threshold`"]),
        ("state: {}\n", ["1:1: IOT103 the state needs `s3`"]),
        ("state: {s3: {bucket: acme-state, key: terraform.tfstate}}\n", ["1:39: IOT104 `key` cannot be \"terraform.tfstate\": use a key with {suffix} in it, so that environments don't share a state"]),
        ("tags: {version: 3.10}\n", ["1:17: IOT102 `version` takes a text, not 3.10", "Write it in quotes: `\"3.10\"`."]),
        ("tags: {version: True}\n", ["1:17: IOT102 `version` takes a text, not True", "Write it in quotes: `\"True\"`."]),
        ("functions: {f: {source: h, environment: {PORT: 08.50}}}\n", ["1:48: IOT102 `PORT` takes a text or a mapping (`key: value` lines), not 08.50", "Write it in quotes: `\"08.50\"`."]),
        ("functions: {f: {source: h, description: 5}}\n", ["1:41: IOT102 `description` takes a text, not 5", "Write it in quotes: `\"5\"`."]),
        ("functions: {f: {source: h, triggers: [{bucket: b, prefix: a/, suffix: =final copy.json}]}}\n", ["1:71: IOT104 `suffix` cannot be \"=final copy.json\": use letters, digits and !_.'()/-, since S3 matches no other character as it is written"]),
        ("tags: {Aws:x: y}\n", ["1:8: IOT105 `Aws:x` cannot be a key here: use a tag's key: at most 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:, nor `pipeline` or `environment`"]),
        ("tags: {x: AWS:y}\n", ["1:11: IOT104 `x` cannot be \"AWS:y\": use letters, digits, spaces and _.:/=+-@, not beginning with aws:"]),
        ("tags: {pipeline: x}\n", ["1:8: IOT105 `pipeline` cannot be a key here: use a tag's key: at most 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:, nor `pipeline` or `environment`"]),
        ("tags: {a: 5}\n", ["1:11: IOT102 `a` takes a text, not 5", "Write it in quotes: `\"5\"`."]),
        ("endpoints: {ingest: {method: GET, function: f}}\n", ["1:13: IOT105 `ingest` cannot be a key here: use a path such as /ingest, /devices/{id}, /files/{rest+} or /"]),
        ("endpoints: {/a: {method: get, function: f}}\n", ["1:26: IOT104 `method` cannot be \"get\"; did you mean `GET`?"]),
        ("endpoints: {/a: {}}\n", ["1:13: IOT103 `/a` needs `function`", "1:13: IOT103 `/a` needs `method`"]),
        ("environments: [prod]\n", ["1:15: IOT102 `environments` takes a mapping (`key: value` lines), not a list"]),
        ("environments: {PROD: {}}\n", ["1:16: IOT105 `PROD` cannot be a key here: use a suffix: small letters, digits and dashes, at most 20"]),
        ("environments: {prod: 5}\n", ["1:22: IOT102 `prod` takes a mapping (`key: value` lines), not 5"]),
        ("triggers: {}\n", ["1:1: IOT101 `triggers` is not a setting of the spec", "Use `triggers` of a function for queues, schedules and the like, and `endpoints` of the spec for an API."]),
        ("retries: 3\n", ["1:1: IOT101 `retries` is not a setting of the spec", "Set `max_receives` of the queue that triggers the function."]),
        ("service: x\n", ["1:1: IOT101 `service` is not a setting of the spec; did you mean `pipeline`?"]),
        ("functions: {f: {source: h, MemorySize: 256}}\n", ["1:28: IOT101 `MemorySize` is not a setting of a function; did you mean `memory`?"]),
        ("functions: {f: {CodeUri: h}}\n", ["1:17: IOT101 `CodeUri` is not a setting of a function; did you mean `source`?"]),
        ("functions: {f: {source: h, events: [{http: x}]}}\n", ["1:28: IOT101 `events` is not a setting of a function", "Use `triggers` of a function for queues, schedules and the like, and `endpoints` of the spec for an API."]),
        ("functions: {f: {source: h, retries: 3}}\n", ["1:28: IOT101 `retries` is not a setting of a function", "Set `max_receives` of the queue that triggers the function."]),
        ("functions: {f: {Type: AWS::Serverless::Function, Properties: {CodeUri: h}}}\n", ["1:17: IOT101 `Type` is not a setting of a function", "Write the settings right below the key: the section determines the type."]),
        ("functions: {f: {source: h, triggers: [{schedule: {cron: 0 3 * * ? *}}]}}\n", ["1:50: IOT102 `schedule` takes a text such as `rate(5 minutes)` or `cron(0 3 * * ? *)`, not a mapping"]),
        ("functions: {f: {source: h, triggers: [{webhook: rate(1 day)}]}}\n", ["1:40: IOT101 `webhook` is not a kind of trigger", "Use one of: queue, dead_letters, bucket, stream, table, topic, schedule, event, log_group, iot, user_pool."]),
        ("functions: {f: {source: h, triggers: [{sqs: q}]}}\n", ["1:40: IOT101 `sqs` is not a kind of trigger; did you mean `queue`?"]),
        ("functions: {f: {source: h, triggers: [{type: queue, name: q}]}}\n", ["1:40: IOT101 `type` is not a kind of trigger", "Write the kind as the setting: `triggers: [{queue: KEY}]`."]),
        ("queues: {q: {maxReceiveCount: 3, dlq: d}}\n", ["1:14: IOT101 `maxReceiveCount` is not a setting of a queue; did you mean `max_receives`?", "1:34: IOT101 `dlq` is not a setting of a queue", "Remove it: each queue and each function has a dead-letter queue of its own."]),
        ("tables: {t: {hash_key: id, range_key: at}}\n", ["1:14: IOT101 `hash_key` is not a setting of a table", "Write the attribute with its type: `partition_key: {device_id: string}`.", "1:28: IOT101 `range_key` is not a setting of a table", "Write the attribute with its type: `sort_key: {timestamp: number}`."]),
        ("tables: {t: {partition_key: {id: S}}}\n", ["1:34: IOT104 `id` cannot be \"S\"; did you mean `string`?"]),
        ("endpoints: {/a: {GET: f, POST: g}}\n", ["1:23: IOT102 `GET` takes a mapping (`key: value` lines), not \"f\"", "1:32: IOT102 `POST` takes a mapping (`key: value` lines), not \"g\""]),
        ("endpoints: {/a: {methods: [GET, POST], function: f}}\n", ["1:18: IOT101 `methods` is not a setting of an endpoint", "Write each method as a key: `GET: {function: KEY}`."]),
        ("endpoints: {/a: {get: {function: f}}}\n", ["1:18: IOT101 `get` is not a setting of an endpoint", "Write each method as a key: `GET: {function: KEY}`."]),
        ("endpoints: {/a: {GET: {function: f, method: GET}}}\n", ["1:37: IOT101 `method` is not a setting of a method", "Remove it: the key is the method."]),
        ("endpoints: {/a: {GET: {lambda: f}}}\n", ["1:24: IOT101 `lambda` is not a setting of a method; did you mean `function`?"]),
        ('endpoints: {"/a/{rest+}/b": {method: GET, function: f}}\n', ["1:13: IOT105 `/a/{rest+}/b` cannot be a key here: use a path such as /ingest, /devices/{id}, /files/{rest+} or /"]),
        ("endpoints: {post /a: {function: f}}\n", ["1:13: IOT105 `post /a` cannot be a key here: use `/a`", "Write the method below it: `method: POST`."]),
        ("api: {from: 203.0.113.0/24}\n", ['1:13: IOT104 `from` cannot be "203.0.113.0/24": use anywhere, or a mapping with `addresses`, as in {addresses: [203.0.113.0/24]}']),
        ("api: {from: [203.0.113.0/24]}\n", ["1:13: IOT102 `from` takes a text or a mapping (`key: value` lines), not a list"]),
        ('api: {responses: {THROTTLED: {body: {error: {message: "It is $context.error.messageString"}}}}}\n', ['1:55: IOT104 `message` cannot be "It is $context.error.messageString": use $context.error.messageString alone, as it has quotes of its own, or $context.error.message in a longer text']),
        ("api: {quota: {limit: 5, period: day}}\n", ["1:14: IOT104 `quota` needs `keys`, for each of which it is"]),
        ("api: {from: 5}\n", ["1:13: IOT102 `from` takes a text or a mapping (`key: value` lines), not 5"]),
        ("region: %s\n" % ("x" * 80), ["1:9: IOT104 `region` cannot be \"%s...\": use an AWS region such as us-east-1" % ("x" * 56)]),
    ],
)  # fmt: skip
def test_one_fault_is_one_problem(text: str, expected: list[str]) -> None:
    assert _reported(text) == expected


_OF_OUTPUTS = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["$defs"]["output"]["exactlyOneOf"]


@pytest.mark.parametrize(("first", "second"), list(pairwise(_OF_OUTPUTS)))
def test_of_two_values_the_second_is_another_one(first: str, second: str) -> None:
    one, other = (
        f"{name}: { {'api': 'url', 'iot': 'endpoint'}.get(name, 'kk') }" for name in (first, second)
    )
    expected = (
        f"1:{19 + len(one) + len(second)}: IOT104 `{second}` is another value: make it an output of its own"
    )
    assert expected in _reported(f"outputs: {{o: {{{one}, {other}}}}}\n")


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("endpoints: {/a: {method: POST, dynamodb: t}}\n", "dynamodb"),
        ("endpoints: {/a: {POST: {dynamodb: t}}}\n", "dynamodb"),
        ("functions: {f: {source: h, environment: {HOST: {dynamodb: t}}}}\n", "dynamodb"),
        ("alarms: {metrics: {m: {insight: a/b, threshold: 1}}}\n", "insight"),
        ("alarms: {metrics: {m: {insight: a/b, metric: M, threshold: 1}}}\n", "insight"),
        ("alarms: {metrics: {m: {insight: a/b, pattern: ERROR, threshold: 1}}}\n", "insight"),
    ],
)
def test_an_unknown_key_in_the_place_of_one_of_several_is_one_problem(text: str, unknown: str) -> None:
    first, hint, *others = _reported(text)
    assert f"IOT101 `{unknown}` is not a setting of" in first
    assert hint.startswith("Use one of: ")
    assert others == []


@pytest.mark.parametrize("stage", ["v1", "pre-prod", "a_b-C9", "x" * 128])
def test_a_stage_is_named_as_api_gateway_takes_it(stage: str) -> None:
    """https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html."""
    assert _reported(f"api: {{stage: {stage}}}\n") == []


@pytest.mark.parametrize("stage", ["pre.prod", "a/b", "x" * 129])
def test_no_other_stage_is_taken(stage: str) -> None:
    (problem,) = _reported(f"api: {{stage: {stage}}}\n")
    assert problem.endswith(": use letters, digits, hyphens and underscores, at most 128")


@pytest.mark.parametrize("setting", ["prefix", "error_prefix"])
def test_a_delivery_may_have_the_keys_of_partitions(setting: str) -> None:
    """https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html."""
    assert _reported(f"deliveries: {{d: {{bucket: b, {setting}: raw/site=north/}}}}\n") == []


def test_the_time_in_the_keys_of_a_delivery_has_a_setting_of_its_own() -> None:
    (problem,) = _reported('deliveries: {d: {bucket: b, prefix: "year=!{timestamp:yyyy}/"}}\n')
    assert problem.endswith("such as site=north/; the time follows by `partition` and `hive`")


def test_what_an_unknown_key_cannot_stand_for_is_reported_beside_it() -> None:
    assert _reported("alarms: {metrics: {m: {insight: a/b, metric: M, function: f}}}\n") == [
        "1:20: IOT103 `m` needs `threshold`",
        "1:24: IOT101 `insight` is not a setting of a metric's alarm",
        "Use one of: function, metric, expression, of, pattern, log_group, namespace, dimensions, statistic, period, periods, "
        "datapoints, comparison, threshold, missing_data, no_data, notify, on_unknown, on_ok, description.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello\n", "1:1: IOT102 the spec takes a mapping (`key: value` lines), not \"hello\""),
        ("[a]\n", "1:1: IOT102 the spec takes a mapping (`key: value` lines), not a list"),
        ("pipeline: p\n", "1:1: IOT103 the spec needs `version`"),
        ("version: 2\npipeline: p\n", "1:10: IOT104 `version` must be 1, not 2"),
        ("version: '1'\npipeline: p\n", "1:10: IOT104 `version` must be 1, not \"1\""),
        ("version: 1\n", "1:1: IOT103 the spec needs `pipeline`"),
        ("version: 1\npipelin: p\n", "2:1: IOT101 `pipelin` is not a setting of the spec; did you mean `pipeline`?"),
        ("version: 1\npipeline: My Pipeline\n", "2:11: IOT104 `pipeline` cannot be \"My Pipeline\": use small letters, digits and dashes, beginning with a letter, at most 40"),
        ('version: 1\npipeline: "p\\n"\n', "2:11: IOT104 `pipeline` cannot be \"p\\n\": use small letters, digits and dashes, beginning with a letter, at most 40"),
    ],
)  # fmt: skip
def test_what_a_spec_has_to_begin_with(text: str, expected: str) -> None:
    assert _validate(text)[1] == f"s.yaml:{expected}\n"


def test_a_misspelt_key_is_taken_for_what_it_was_meant_to_be() -> None:
    data, output = _validate(HEAD + "tabels:\n  t: {partiton_key: {id: strin}, tll: at}\n")
    assert data["tables"] == {}  # without its partition key there is no table
    assert [line.split(" is ")[0] for line in output.splitlines()] == [
        "s.yaml:3:1: IOT101 `tabels`",
        "s.yaml:4:7: IOT101 `partiton_key`",
        's.yaml:4:26: IOT104 `id` cannot be "strin"; did you mean `string`?',
        "s.yaml:4:34: IOT101 `tll`",
    ]


def test_two_misspellings_of_one_key() -> None:
    assert _reported("functions: {f: {sorce: h, souce: i}}\n") == [
        "1:17: IOT101 `sorce` is not a setting of a function; did you mean `source`?",
        "1:27: IOT101 `souce` is not a setting of a function; did you mean `source`?",
    ]


def test_what_is_at_fault_is_taken_out_and_the_rest_stays() -> None:
    data, output = _validate(
        HEAD
        + "tables: {good: {partition_key: {id: string}}, bad: {partition_key: 5}}\n"
        + "functions: {f: {source: h, memory: x, timeout: 5, include: [a, 5]}}\n"
    )
    assert output.count("IOT") == 3
    assert data["tables"] == {"good": {"partition_key": {"id": "string"}}}
    assert data["functions"] == {"f": {"source": "h", "timeout": 5, "include": ["a"]}}


def test_alarms_take_one_for_a_number() -> None:
    assert _reported("alarms: {functions: {errors: 1, throttles: false}}\n") == []


def _objects(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            if key not in ("examples", "default", "enum", "const"):
                yield from _objects(value, f"{path}/{key}")


def _settings() -> Iterator[tuple[str, dict[str, Any]]]:
    """What stands for a value in a spec: the schema of each property, and of each entry."""
    for path, node in _objects(schema()):
        yield from (
            (f"{path}/{key}", one)
            for key, one in node.get("properties", {}).items()
            if one.keys() != {"not", "notExplained"} and "const" not in one
        )
        for key in ("additionalProperties", "items"):
            if isinstance(node.get(key), dict):
                yield f"{path}/{key}", node[key]


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    return {**schema()["$defs"][node["$ref"].removeprefix("#/$defs/")], **node}


@pytest.mark.parametrize("word", ["description", "examples"])
def test_every_key_of_the_schema_is_described_with_an_example(word: str) -> None:
    described = dict(_settings())
    assert len(described) > 90
    # A tag's value says all by its place.
    assert [path for path, node in described.items() if word not in _resolved(node)] in (
        [],
        ["/properties/tags/additionalProperties"],
    )


def test_every_mapping_with_fixed_keys_is_strict_and_has_a_name_for_messages() -> None:
    for path, node in _objects(schema()):
        if node.get("type") == "object" and "properties" in node:
            assert node.get("additionalProperties") is False, path
            assert node.get("title"), path


def test_every_pattern_is_explained() -> None:
    for path, node in _objects(schema()):
        assert isinstance(node.get("pattern"), str) == ("patternExplained" in node), path


def test_every_example_of_the_schema_is_valid() -> None:
    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(schema())
    for path, node in _objects(schema()):
        for example in node.get("examples", ()):
            faults = [error.message for error in validator.evolve(schema=node).iter_errors(example)]
            assert not faults, f"{path}: {json.dumps(example)}: {faults}"


def test_every_limit_in_the_schema_has_words_of_its_own() -> None:
    def keywords(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from node
            for inner in node.values():
                yield from keywords(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from keywords(inner)

    used = {*keywords(schema())} & {*Draft202012Validator.VALIDATORS}
    limits = {word for word in used if word.startswith(("exclusive", "max", "min", "multiple", "unique"))}
    assert limits <= BOUNDS.keys()


@pytest.mark.parametrize(
    ("written", "text"), [("3.10", "3.10"), ("5", "5"), ("True", "True"), ("-0.0", "-0.0")]
)
def test_how_to_write_a_number_where_a_text_is_wanted(written: str, text: str) -> None:
    document, _ = load(f"version: 1\npipeline: p\ntags: {{a: {written}}}\n", "s.yaml")
    assert [problem.hint for problem in validate(document)[1]] == [f'Write it in quotes: `"{text}"`.']
