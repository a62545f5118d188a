"""What Terraform and the AWS provider would refuse in what a template makes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iotgen.problem import Severity
from iotgen.render import provider
from iotgen.render.conform import faults
from iotgen.render.fault import Fault
from iotgen.render.places import offsets
from iotgen.terraform.root_module import RootModule

if TYPE_CHECKING:
    from iotgen.terraform.find import Executable
    from iotgen.terraform.mirror import Mirror


def queue(**settings: Any) -> dict[str, Any]:
    return {"resource": {"aws_sqs_queue": {"jobs": settings}}}


def mapping(**settings: Any) -> dict[str, Any]:
    return {"resource": {"aws_lambda_event_source_mapping": {"jobs": {"function_name": "f", **settings}}}}


def said(document: Any) -> list[tuple[str, str, str]]:
    return [(fault.code, fault.severity.value, fault.message) for fault in faults(document)]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"resource": {"aws_s3_bucket_versioning": None}},
        {"resource": {"aws_sqs_queue": {"jobs": None}}},
        queue(name="jobs", policy=None),
        queue(**{"//": "why", "name": "jobs", "count": 2, "lifecycle": {"prevent_destroy": False}}),
        queue(timeouts=[{"create": "5m"}], tags={"a": "b"}, depends_on=["aws_sns_topic.alerts", None]),
        queue(tags="${local.tags}", name=5, delay_seconds="5"),
        mapping(scaling_config=None, function_response_types=["ReportBatchItemFailures"]),
        mapping(dynamic={"scaling_config": {"for_each": [1], "content": {"maximum_concurrency": 5}}}),
        {"data": {"aws_partition": {"current": {}}}, "locals": {"a": 1}, "output": {"o": {"value": [1]}}},
        {"variable": {"v": {"type": "string", "default": {}}}, "provider": {"aws": [{"alias": "west"}]}},
        {"terraform": {"required_version": ">= 1.11", "backend": {"s3": {"bucket": "b"}}}},
    ],
)
def test_what_is_right(document: Any) -> None:
    assert said(document) == []


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([], ("IOT503", "this makes a list: a template makes an object of blocks")),
        ({"resource": []}, ("IOT503", "`resource` takes an object, not a list")),
        ({"resource": {"aws_sqs_queue": "x"}}, ("IOT503", "`aws_sqs_queue` takes an object, not a text")),
        ({"resource": {"aws_sqs_queue": {"jobs": 5}}}, ("IOT503", "`jobs` takes an object, not a number")),
        (
            {"resource": {"aws_sqs_queue": {"my jobs": {}}}},
            ("IOT503", "`my jobs` cannot be the Terraform name of a resource"),
        ),
        (
            {"resources": {}},
            ("IOT510", "`resources` is not a block of Terraform; did you mean `resource`?"),
        ),
        ({"xyz": {}}, ("IOT510", "`xyz` is not a block of Terraform")),
        (
            {"resource": {"aws_sqs_qeue": {"jobs": {}}}},
            ("IOT510", "`aws_sqs_qeue` is not a resource of the AWS provider; did you mean `aws_sqs_queue`?"),
        ),
        (
            {"data": {"aws_iam_policy_dokument": {"jobs": {}}}},
            (
                "IOT510",
                "`aws_iam_policy_dokument` is not a data source of the AWS provider; "
                "did you mean `aws_iam_policy_document`?",
            ),
        ),
        (
            queue(redrive_polcy="{}"),
            ("IOT511", "`redrive_polcy` is not a setting of `aws_sqs_queue`; did you mean `redrive_policy`?"),
        ),
        (queue(xyz=1), ("IOT511", "`xyz` is not a setting of `aws_sqs_queue`")),
        (
            {"output": {"o": {"value": 1, "desciption": "d"}}},
            ("IOT511", "`desciption` is not a setting of `output`; did you mean `description`?"),
        ),
        ({"output": {"o": {}}}, ("IOT512", "`output` needs `value`")),
        ({"variable": {"v": "text"}}, ("IOT503", "`v` takes an object, not a text")),
        (
            {"terraform": {"required_versio": "1"}},
            ("IOT511", "`required_versio` is not a setting of `terraform`; did you mean `required_version`?"),
        ),
        (
            {"provider": {"aws": {"default_tag": {"tags": {}}}}},
            ("IOT511", "`default_tag` is not a setting of `aws`; did you mean `default_tags`?"),
        ),
        (
            mapping(scaling_config={"max_concurrency": 5}),
            (
                "IOT511",
                "`max_concurrency` is not a setting of `scaling_config`; did you mean `maximum_concurrency`?",
            ),
        ),
        (
            mapping(dynamic={"scaling": {"for_each": [1], "content": {}}}),
            (
                "IOT511",
                "`scaling` is not a setting of `aws_lambda_event_source_mapping`; "
                "did you mean `scaling_config`?",
            ),
        ),
        (
            {"resource": {"aws_sns_topic_policy": {"alerts": {"arn": "a"}}}},
            ("IOT512", "`aws_sns_topic_policy` needs `policy`"),
        ),
        (
            {
                "resource": {
                    "aws_s3_bucket_versioning": {"b": {"bucket": "b", "versioning_configuration": {}}}
                }
            },
            ("IOT512", "`versioning_configuration` needs `status`"),
        ),
        (
            {
                "resource": {
                    "aws_s3_bucket_versioning": {"b": {"bucket": "b", "versioning_configuration": []}}
                }
            },
            ("IOT512", "`aws_s3_bucket_versioning` needs `versioning_configuration`"),
        ),
        (queue(name={"a": 1}), ("IOT513", "`name` takes one value, not an object")),
        (queue(tags=["a"]), ("IOT513", "`tags` takes an object, not a list")),
        (mapping(queues="a"), ("IOT513", "`queues` takes a list, not a text")),
        (
            mapping(scaling_config="${var.scaling}"),
            ("IOT513", "`scaling_config` is a block: it takes an object, or a list of objects, not a text"),
        ),
        (queue(depends_on="aws_sns_topic.a"), ("IOT513", "`depends_on` takes a list, not a text")),
        (
            queue(depends_on=["${aws_sns_topic.a}"]),
            ("IOT513", "`depends_on` takes plain addresses, not expressions"),
        ),
        (
            {"resource": {"aws_api_gateway_deployment": {"a": {"rest_api_id": "a", "stage_name": "v1"}}}},
            (
                "IOT514",
                "`stage_name` of `aws_api_gateway_deployment` is gone from the AWS provider: "
                f"{provider.versions()[1]} does not know it",
            ),
        ),
    ],
)
def test_what_is_wrong(document: Any, expected: tuple[str, str]) -> None:
    code, message = expected
    assert said(document) == [(code, "error", message)]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            queue(region="eu-west-1"),
            (
                "IOT514",
                "warning",
                "`region` of `aws_sqs_queue` is not in every AWS provider that this folder takes: "
                "5.100.0 has none",
            ),
        ),
        (
            {"resource": {"aws_s3_bucket_metadata_configuration": {"a": {}}}},
            (
                "IOT514",
                "warning",
                "`aws_s3_bucket_metadata_configuration` is not in every AWS provider that this folder takes: "
                "5.100.0 has none",
            ),
        ),
        (
            {"resource": {"aws_wafv2_web_acl": {"a": {"whatever": 1}}}},
            (
                "IOT515",
                "info",
                "iotgen does not know the settings of `aws_wafv2_web_acl`: only Terraform can check them",
            ),
        ),
        (
            {"resource": {"random_id": {"a": {"byte_length": 2}}}},
            (
                "IOT515",
                "info",
                "iotgen does not know the resource `random_id`: only Terraform can check it",
            ),
        ),
        (
            {"resource": {"aws_of_tomorrow": {"a": {}}}},
            (
                "IOT515",
                "warning",
                "iotgen does not know the resource `aws_of_tomorrow`: only Terraform can check it",
            ),
        ),
    ],
)
def test_what_may_be_right(document: Any, expected: tuple[str, str, str]) -> None:
    assert said(document) == [expected]


def test_a_misspelt_setting_is_not_missing_too() -> None:
    document = {"resource": {"aws_sns_topic_policy": {"alerts": {"arn": "a", "polcy": "p"}}}}
    assert [fault.code for fault in faults(document)] == ["IOT511"]


def test_the_path_of_a_fault_goes_through_lists() -> None:
    document = {"resource": {"aws_dynamodb_table": {"t": {"name": "t", "attribute": [None, {"nme": "a"}]}}}}
    assert [fault.path for fault in faults(document)] == [
        ("resource", "aws_dynamodb_table", "t", "attribute", 1, "nme"),
        ("resource", "aws_dynamodb_table", "t", "attribute", 1),
    ]


WRONG: dict[str, Any] = {
    "resource": {
        "aws_sqs_queue": {
            "unknown": {"name": "a", "redrive_polcy": "{}"},
            "nested": {"timeouts": {"creat": "5m"}},
            "object": {"name": {"a": 1}},
            "list": {"name": ["a"]},
            "map": {"tags": ["a"]},
        },
        "aws_sns_topic_policy": {"missing": {"arn": "arn:aws:sns:us-east-1:123456789012:alerts"}},
        "aws_lambda_event_source_mapping": {
            "text": {"function_name": "f", "queues": "a"},
            "block": {"function_name": "f", "scaling_config": "a"},
            "unknown": {"function_name": "f", "scaling_config": {"max_concurrency": 5}},
        },
    }
}


@pytest.mark.terraform
def test_terraform_finds_the_same(
    tmp_path: Path, real_terraform: Executable, real_mirror: Mirror | None
) -> None:
    needs = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}}
    text = json.dumps({"terraform": needs, **WRONG}, indent=1)
    (tmp_path / "main.tf.json").write_text(text, encoding="utf-8")
    module = RootModule(tmp_path, real_terraform, env=os.environ, mirror=real_mirror, sink=print, say=print)
    theirs = {int(diagnostic.where.rpartition(":")[2]) for diagnostic in module.validate()}
    starts = offsets(text)

    def line(fault: Fault) -> int:
        # Of what is missing, Terraform says so where the body ends: here two lines on.
        return text.count("\n", 0, starts[fault.path]) + (3 if fault.code == "IOT512" else 1)

    ours = {line(fault): fault.message for fault in faults(WRONG) if fault.severity is Severity.ERROR}
    assert ours.keys() == theirs, ours
