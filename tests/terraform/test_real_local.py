"""The real Terraform and provider against the local AWS that we start, with the override that we write."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from iotgen.local import server
from iotgen.local.environment import for_terraform
from iotgen.local.override import FILE_NAME, Api, override
from iotgen.terraform.find import Executable
from iotgen.terraform.mirror import Mirror
from iotgen.terraform.root_module import RootModule

pytestmark = pytest.mark.terraform

API = "${aws_api_gateway_rest_api.api.id}"
RESOURCE = "${aws_api_gateway_resource.ping.id}"
METHOD = {
    "rest_api_id": API,
    "resource_id": RESOURCE,
    "http_method": "${aws_api_gateway_method.get.http_method}",
}
# As rendered for AWS: a state in S3, the provider without endpoints, the API's real address as output.
RENDERED: dict[str, Any] = {
    "terraform": {
        "required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}},
        "backend": {"s3": {"bucket": "state", "key": "dev", "region": "us-east-1", "use_lockfile": True}},
    },
    "provider": {"aws": {"region": "us-east-1", "default_tags": {"tags": {"application": "x"}}}},
    "resource": {
        "aws_dynamodb_table": {
            "t": {
                "name": "t-dev",
                "billing_mode": "PAY_PER_REQUEST",
                "hash_key": "id",
                "attribute": [{"name": "id", "type": "S"}],
                "point_in_time_recovery": {"enabled": True},
            }
        },
        "aws_cloudwatch_metric_alarm": {
            "a": {
                "alarm_name": "a-dev",
                "alarm_description": "Throttled writes",
                "namespace": "AWS/DynamoDB",
                "metric_name": "WriteThrottleEvents",
                "dimensions": {"TableName": "${aws_dynamodb_table.t.name}"},
                "statistic": "Sum",
                "period": 60,
                "evaluation_periods": 1,
                "threshold": 1,
                "comparison_operator": "GreaterThanOrEqualToThreshold",
                "treat_missing_data": "notBreaching",
            }
        },
        "aws_api_gateway_rest_api": {"api": {"name": "api-dev"}},
        "aws_api_gateway_resource": {
            "ping": {
                "rest_api_id": API,
                "parent_id": "${aws_api_gateway_rest_api.api.root_resource_id}",
                "path_part": "ping",
            }
        },
        "aws_api_gateway_method": {
            "get": {
                "rest_api_id": API,
                "resource_id": RESOURCE,
                "http_method": "GET",
                "authorization": "AWS_IAM",
            }
        },
        "aws_api_gateway_integration": {
            "get": {
                **METHOD,
                "type": "MOCK",
                # MiniStack reports it even where there is none, as it does access logs.
                "integration_http_method": "POST",
                "request_templates": {"application/json": '{"statusCode": 200}'},
            }
        },
        "aws_cloudwatch_log_group": {"api": {"name": "api-dev", "retention_in_days": 30}},
        "aws_api_gateway_method_response": {"ok": {**METHOD, "status_code": "200"}},
        "aws_api_gateway_integration_response": {
            "ok": {
                **METHOD,
                "status_code": "200",
                "response_templates": {"application/json": '{"pong": true}'},
                "depends_on": ["aws_api_gateway_integration.get", "aws_api_gateway_method_response.ok"],
            }
        },
        "aws_api_gateway_deployment": {
            "d": {"rest_api_id": API, "depends_on": ["aws_api_gateway_integration_response.ok"]}
        },
        "aws_api_gateway_stage": {
            "v1": {
                "rest_api_id": API,
                "deployment_id": "${aws_api_gateway_deployment.d.id}",
                "stage_name": "v1",
                "access_log_settings": {
                    "destination_arn": "${aws_cloudwatch_log_group.api.arn}",
                    "format": "$context.requestId",
                },
            }
        },
    },
    "output": {"api_endpoint": {"value": "${aws_api_gateway_stage.v1.invoke_url}"}},
}


def signed_get(url: str, access_key: str, secret_key: str) -> requests.Response:
    request = AWSRequest("GET", url)
    SigV4Auth(Credentials(access_key, secret_key), "execute-api", "us-east-1").add_auth(request)
    return requests.get(url, headers=dict(request.headers), timeout=30)


def test_apply_use_and_destroy(
    tmp_path: Path, real_terraform: Executable, real_mirror: Mirror | None
) -> None:
    folder = tmp_path / "dev.local"
    folder.mkdir()
    (folder / "main.tf.json").write_text(json.dumps(RENDERED))
    lines: list[str] = []
    aws = server.up(tmp_path / ".local")
    try:
        content = override(aws.endpoint, api=Api("api", "${aws_api_gateway_stage.v1.stage_name}"))
        (folder / FILE_NAME).write_text(json.dumps(content))
        env = for_terraform({**os.environ, "AWS_PROFILE": "not-there"}, "us-east-1", aws)
        module = RootModule(
            folder, real_terraform, env=env, mirror=real_mirror, sink=lines.append, say=lines.append
        )
        with module.plan() as plan:
            module.apply(plan)

        url = f"{module.outputs()['api_endpoint']}/ping"
        answer = signed_get(url, aws.access_key, aws.secret_key)
        assert (answer.status_code, answer.json()) == (200, {"pong": True})
        assert signed_get(url, aws.access_key, "forged").status_code == 403
        assert requests.get(url, timeout=30).status_code == 403

        with module.plan() as plan:
            assert not plan.changes, "\n".join(lines)
        with module.plan(destroy=True) as plan:
            module.apply(plan)
        assert module.outputs() == {}
        written = [path for path in folder.iterdir() if path.is_file()]
        assert not [path for path in written if aws.secret_key.encode() in path.read_bytes()]
    finally:
        server.down(tmp_path / ".local")
