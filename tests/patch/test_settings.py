"""What the AWS provider would refuse in a patched body."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from iotgen.patch import provider
from iotgen.patch.settings import faults
from iotgen.problem import Finding, Severity
from iotgen.spec.json_places import json_places
from iotgen.terraform.root_module import RootModule

if TYPE_CHECKING:
    from pathlib import Path

    from iotgen.terraform.find import Executable
    from iotgen.terraform.mirror import Mirror

QUEUE = "aws_sqs_queue"
MAPPING = "aws_lambda_event_source_mapping"
BUCKET_VERSIONING = "aws_s3_bucket_versioning"


def mapping(**settings: Any) -> dict[str, Any]:
    return {"function_name": "f", **settings}


def said(kind: str, body: Any) -> list[tuple[str, str, str]]:
    found = faults(("resource", kind, "any"), body)
    return [(fault.code, fault.severity.value, fault.message) for fault in found]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (QUEUE, {"name": "jobs", "policy": None}),
        (QUEUE, {"//": "why", "name": "jobs", "count": 2, "lifecycle": {"prevent_destroy": False}}),
        (QUEUE, {"timeouts": [{"create": "5m"}], "tags": {"a": "b"}, "depends_on": ["aws_sns_topic.alerts"]}),
        (QUEUE, {"tags": "${local.tags}", "name": 5, "delay_seconds": "5"}),
        (MAPPING, mapping(scaling_config=None, function_response_types=["ReportBatchItemFailures"])),
        (MAPPING, mapping(dynamic={"scaling_config": {"for_each": [1], "content": {}}})),
        ("aws_of_tomorrow", {"anything": 1}),
    ],
)
def test_what_is_right(kind: str, body: Any) -> None:
    assert said(kind, body) == []


def test_what_is_no_body_of_a_type_is_for_terraform_to_check() -> None:
    assert list(faults(("terraform",), {"required_versio": "1"})) == []
    assert list(faults(("locals", "any"), ["x"])) == []
    assert list(faults(("output", "any"), {"value": 1})) == []


def test_the_provider_has_settings_too() -> None:
    (fault,) = faults(("provider", "aws"), {"alias": "west", "default_tag": {"tags": {}}})
    assert fault.message == "`default_tag` is not a setting of `aws`; did you mean `default_tags`?"


@pytest.mark.parametrize(
    ("kind", "body", "code", "message"),
    [
        (QUEUE, {"redrive_polcy": "{}"}, "IOT502",
         "`redrive_polcy` is not a setting of `aws_sqs_queue`; did you mean `redrive_policy`?"),
        (QUEUE, {"redrive_polcy": None}, "IOT502",
         "`redrive_polcy` is not a setting of `aws_sqs_queue`; did you mean `redrive_policy`?"),
        (QUEUE, {"xyz": 1}, "IOT502", "`xyz` is not a setting of `aws_sqs_queue`"),
        (QUEUE, {"arn": "a"}, "IOT502", "`arn` is not a setting of `aws_sqs_queue`"),
        (MAPPING, mapping(scaling_config={"max_concurrency": 5}), "IOT502",
         "`max_concurrency` is not a setting of `scaling_config`; did you mean `maximum_concurrency`?"),
        ("aws_sns_topic_policy", {"arn": "a", "policy": None}, "IOT505",
         "`aws_sns_topic_policy` requires `policy`"),
        (BUCKET_VERSIONING, {"bucket": "b", "versioning_configuration": {}}, "IOT505",
         "`versioning_configuration` requires `status`"),
        (BUCKET_VERSIONING, {"bucket": "b", "versioning_configuration": []}, "IOT505",
         "`aws_s3_bucket_versioning` requires `versioning_configuration`"),
        (QUEUE, {"name": {"a": 1}}, "IOT503", "`name` takes one value, not a mapping"),
        (QUEUE, {"tags": ["a"]}, "IOT503", "`tags` takes a mapping, not a list"),
        (MAPPING, mapping(queues="a"), "IOT503", "`queues` takes a list, not a text"),
        (MAPPING, mapping(scaling_config="${var.scaling}"), "IOT503",
         "`scaling_config` is a block: it takes a mapping or a list of mappings, not a text"),
        (QUEUE, {"depends_on": "aws_sns_topic.a"}, "IOT503", "`depends_on` takes a list, not a text"),
        (QUEUE, {"depends_on": ["${aws_sns_topic.a}"]}, "IOT503",
         "`depends_on` takes plain addresses, not expressions"),
        ("aws_api_gateway_deployment", {"rest_api_id": "a", "stage_name": "v1"}, "IOT504",
         "`stage_name` of `aws_api_gateway_deployment` is no longer in the AWS provider: "
         f"{provider.versions()[1]} does not support it"),
    ],
)  # fmt: skip
def test_what_is_wrong(kind: str, body: Any, code: str, message: str) -> None:
    assert said(kind, body) == [(code, "error", message)]


def test_what_only_some_providers_have() -> None:
    assert said(QUEUE, {"region": "eu-west-1"}) == [
        (
            "IOT504",
            "warning",
            "`region` of `aws_sqs_queue` is not supported by every allowed AWS provider: 5.100.0 lacks it",
        )
    ]


def test_a_misspelt_setting_is_not_missing_too() -> None:
    assert [code for code, _, _ in said("aws_sns_topic_policy", {"arn": "a", "polcy": "p"})] == ["IOT502"]


def test_the_path_of_a_fault_goes_through_lists() -> None:
    body = {"name": "t", "attribute": [None, {"name": "a", "typ": "S"}, {"xyz": 1, "name": "b", "type": "S"}]}
    found = faults(("resource", "aws_dynamodb_table", "t"), body)
    assert [fault.path for fault in found] == [("attribute", 1, "typ"), ("attribute", 2, "xyz")]


WRONG: dict[str, dict[str, Any]] = {
    QUEUE: {
        "unknown": {"name": "a", "redrive_polcy": "{}"},
        "computed": {"arn": "a"},
        "nested": {"timeouts": {"creat": "5m"}},
        "object": {"name": {"a": 1}},
        "list": {"name": ["a"]},
        "map": {"tags": ["a"]},
    },
    "aws_sns_topic_policy": {"missing": {"arn": "arn:aws:sns:us-east-1:123456789012:alerts"}},
    MAPPING: {
        "text": {"function_name": "f", "queues": "a"},
        "block": {"function_name": "f", "scaling_config": "a"},
        "unknown": {"function_name": "f", "scaling_config": {"max_concurrency": 5}},
    },
}


@pytest.mark.terraform
def test_terraform_finds_the_same(
    tmp_path: Path, real_terraform: Executable, real_mirror: Mirror | None
) -> None:
    needs = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}}
    text = json.dumps({"terraform": needs, "resource": WRONG}, indent=1)
    (tmp_path / "main.tf.json").write_text(text, encoding="utf-8")
    module = RootModule(tmp_path, real_terraform, env=os.environ, mirror=real_mirror, sink=print, say=print)
    theirs = {int(diagnostic.where.rpartition(":")[2]) for diagnostic in module.validate()}
    places = json_places(text)

    def line(kind: str, label: str, fault: Finding) -> int:
        # Of what is missing, Terraform says so where the body ends: here two lines on.
        return places[("resource", kind, label, *fault.path)].line + (2 if fault.code == "IOT505" else 0)

    ours = {
        line(kind, label, fault): fault.message
        for kind, bodies in WRONG.items()
        for label, body in bodies.items()
        for fault in faults(("resource", kind, label), body)
        if fault.severity is Severity.ERROR
    }
    assert ours.keys() == theirs, ours
