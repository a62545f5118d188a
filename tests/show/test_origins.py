"""Where each setting comes from: a line of the spec, `defaults`, an overlay, the schema, or others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from iotgen.kinds import KINDS
from iotgen.patch.address import canonical
from iotgen.project import built_in_templates
from iotgen.render.render import owners
from iotgen.show import Description, describe, find, spec_of, subjects
from iotgen.show.description import Origin, Source
from tests.golden.test_golden import GOLDEN

if TYPE_CHECKING:
    from tests.conftest import Compile, Compiled

SPEC = """\
version: 1
pipeline: p
defaults:
  function: {memory: 512, timeout: 30, vpc: {subnets: [subnet-0a1b2c3d], security_groups: [sg-0a1b2c3d]}}
tables:
  readings: {partition_key: {id: string}, ttl: expires_at}
queues: {jobs: {}, idle: {visibility_timeout: 7}}
functions:
  worker:
    source: handlers/worker
    timeout: 60
    reserved_concurrency: 10
    triggers: [{queue: jobs, batch_size: 5}]
    access: {tables: {readings: [put, query]}, queues: {idle: send}}
environments:
  prod:
    defaults: {function: {memory: 1024}}
    tables: {readings: {ttl: null}}
    functions: {worker: {log_level: DEBUG, timeout: null}}
"""


def described(compiled: Compiled, name: str) -> Description:
    spec = spec_of(compiled.document)
    subject = find(name, subjects(compiled.model, spec))
    return describe(subject, spec, compiled.model, owners(compiled.model, built_in_templates().get))


def settings(compiled: Compiled, name: str) -> dict[str, tuple[Any, Origin]]:
    return {one.name: (one.value, one.origin) for one in described(compiled, name).settings}


def test_a_setting_comes_from_the_spec_or_the_defaults_or_the_schema(compile_spec: Compile) -> None:
    shown = settings(compile_spec(SPEC), "worker")
    assert shown["timeout"] == (60, Origin(Source.SPEC, 11))
    assert shown["memory"] == (512, Origin(Source.DEFAULTS, 4, "defaults.function"))
    assert shown["vpc.subnets"][1] == Origin(Source.DEFAULTS, 4, "defaults.function.vpc")
    assert shown["log_level"] == ("INFO", Origin(Source.SCHEMA))
    assert shown["triggers[0].batch_size"] == (5, Origin(Source.SPEC, 13))
    assert shown["triggers[0].batch_window"] == (0, Origin(Source.SCHEMA))


def test_a_setting_comes_from_the_overlay_of_the_environment(compile_spec: Compile) -> None:
    shown = settings(compile_spec(SPEC, "prod"), "worker")
    assert shown["memory"] == (1024, Origin(Source.OVERLAY, 17, "environments.prod.defaults.function"))
    assert shown["log_level"] == ("DEBUG", Origin(Source.OVERLAY, 19, "environments.prod.functions.worker"))


def test_what_an_overlay_removes_comes_from_elsewhere_or_is_not_set(compile_spec: Compile) -> None:
    compiled = compile_spec(SPEC, "prod")
    assert settings(compiled, "worker")["timeout"] == (30, Origin(Source.DEFAULTS, 4, "defaults.function"))
    assert settings(compiled, "readings")["ttl"] == (None, Origin(Source.UNSET))
    assert settings(compile_spec(SPEC), "readings")["ttl"] == ("expires_at", Origin(Source.SPEC, 6))


def test_what_follows_from_other_settings_says_so(compile_spec: Compile) -> None:
    compiled = compile_spec(SPEC)
    value, origin = settings(compiled, "jobs")["visibility_timeout"]
    assert (value, origin.source) == (360, Source.DERIVED)
    assert origin.text == "6 times the timeout of its slowest function, and its batch window"
    assert settings(compiled, "idle")["visibility_timeout"] == (7, Origin(Source.SPEC, 7))
    value, origin = settings(compiled, "worker")["triggers[0].max_concurrency"]
    assert (value, origin.source) == (8, Source.DERIVED)


def test_what_a_function_may_do_is_said_on_both_sides(compile_spec: Compile) -> None:
    compiled = compile_spec(SPEC)
    granted = described(compiled, "worker").permissions
    assert [(one.phrase, one.variable, one.line) for one in granted] == [
        ("put and query the table `readings`", "TABLE_READINGS", 14),
        ("send to the queue `idle`", "QUEUE_IDLE", 14),
    ]
    assert granted[0].actions == ("dynamodb:PutItem", "dynamodb:Query")
    assert described(compiled, "readings").used_by == granted[:1]


def test_roles_and_workflows_have_permissions_without_variables(compile_spec: Compile) -> None:
    spec = """\
version: 1
pipeline: p
tables: {rows: {partition_key: {id: string}}}
workflows:
  tidy: {definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}, access: {tables: {rows: delete}}}
roles:
  reader:
    assumed_by: [{account: "210987654321"}]
    access:
      tables: {rows: read}
      allow: [{actions: "ses:SendEmail", resources: "arn:aws:ses:*:*:identity/a"}]
"""
    compiled = compile_spec(spec)
    used = described(compiled, "rows").used_by
    assert [(one.function, one.phrase, one.variable, one.line) for one in used] == [
        ("workflow tidy", "delete items of the table `rows`", "", 5),
        ("role reader", "read the table `rows`", "", 10),
    ]
    granted = described(compiled, "reader").permissions
    assert granted[0] == used[1]
    assert [one.phrase for one in granted[1:]] == ["ses:SendEmail on `arn:aws:ses:*:*:identity/a`"]


def test_a_prefix_is_part_of_a_permission(compile_spec: Compile) -> None:
    spec = """\
version: 1
pipeline: p
buckets: {archive: {}}
functions: {f: {source: f, access: {buckets: {archive: {read: in/, write: out/}}}}}
"""
    (granted,) = described(compile_spec(spec), "archive").used_by
    assert (
        granted.phrase == "read the bucket `archive` under `in/` and write the bucket `archive` under `out/`"
    )


def test_what_calls_a_function_and_what_a_queue_reaches(compile_spec: Compile) -> None:
    compiled = compile_spec(SPEC)
    (caller,) = described(compiled, "worker").called_by
    assert (caller.noun, caller.key, caller.text, caller.line) == ("queue", "jobs", "batches of 5", 7)
    (called,) = described(compiled, "jobs").reaches
    assert (called.noun, called.key) == ("function", "worker")


def test_dead_letters_and_alarms_are_those_of_the_resource(compile_spec: Compile) -> None:
    about = described(compile_spec(SPEC), "jobs")
    assert about.dead_letter_queue == "jobs-dlq-dev"
    assert {named.what: named.name for named in about.names} == {
        "queue": "jobs-dev",
        "dead-letter queue": "jobs-dlq-dev",
    }
    assert {watch.key for watch in about.alarms} == {"jobs-age", "jobs-dlq", "jobs-dlq-expiring"}
    assert about.alarms[0].condition == "maximum >= 300 in 5 min"


def test_overrides_are_shown_at_what_they_change(compile_spec: Compile) -> None:
    text = (GOLDEN / "overrides/spec.yaml").read_text(encoding="utf-8")
    compiled = compile_spec(text, "dev", own=_own(GOLDEN / "overrides"))
    queue = {(one.address, one.setting): one.value for one in described(compiled, "inbox").overrides}
    assert queue["aws_sqs_queue.inbox", "sqs_managed_sse_enabled"] is None
    assert queue["local.inbox__redrive", "maxReceiveCount"] == 9
    function = described(compiled, "data-ingestion").overrides
    assert ("aws_cloudwatch_log_group.data_ingestion", 7) in {(one.address, one.value) for one in function}
    written = compiled.document.data["overrides"]
    shown = {
        one.address
        for name in ("inbox", "data-ingestion", "readings")
        for one in described(compiled, name).overrides
    }
    assert shown <= {canonical(address) for address in written}


def _own(folder: Path) -> Any:
    from iotgen import project

    return project.own_terraform(folder)


def test_each_address_is_shown_at_one_resource(compile_spec: Compile) -> None:
    """All that is rendered for the spec's sections, but what is of the whole pipeline."""
    compiled = compile_spec(SPEC)
    spec = spec_of(compiled.document)
    owned = owners(compiled.model, built_in_templates().get)
    shown = [
        address
        for subject in subjects(compiled.model, spec)
        for address in describe(subject, spec, compiled.model, owned).addresses
    ]
    assert sorted(shown) == sorted(address for address, path in owned.items() if path)
    assert {kind.address for kind in KINDS if kind.of(compiled.model)} <= {
        address.partition(".")[0] for address in shown
    }


def test_access_comes_from_the_defaults_or_the_function_each_with_its_line(compile_spec: Compile) -> None:
    text = SPEC.replace("memory: 512,", "memory: 512, access: {queues: {idle: receive, jobs: send}},")
    about = described(compile_spec(text), "worker")
    assert [(one.phrase, one.line) for one in about.permissions] == [
        ("send to the queue `idle`", 14),
        ("send to the queue `jobs`", 4),
        ("put and query the table `readings`", 14),
    ]


def test_what_a_role_that_exists_already_must_allow(compile_spec: Compile) -> None:
    text = SPEC.replace("timeout: 60", 'role: {existing: "worker-{suffix}"}')
    about = described(compile_spec(text), "worker")
    assert not [address for address in about.addresses if address.startswith("aws_iam_role")]
    assert next((one.actions, one.resources) for one in about.needs) == (
        ("logs:CreateLogStream", "logs:PutLogEvents"),
        ("arn:aws:logs:us-east-1:{account}:log-group:/aws/lambda/worker-dev:*",),
    )
    assert described(compile_spec(SPEC), "worker").needs == ()


def test_what_the_role_of_a_workflow_must_allow(compile_spec: Compile) -> None:
    body = "{StartAt: Done, States: {Done: {Type: Succeed}}}"
    text = f"version: 1\npipeline: p\nworkflows: {{w: {{definition: {body}, role: {{existing: states}}}}}}\n"
    about = described(compile_spec(text), "w")
    assert any("xray:PutTraceSegments" in one.actions for one in about.needs)
