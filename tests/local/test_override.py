from iotgen.local.override import SERVICES, Api, left_out, override

ENDPOINT = "http://127.0.0.1:4566"


NO_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/none/none"


def test_every_service_is_called_at_the_endpoint_and_the_state_is_local() -> None:
    content = override(ENDPOINT)
    assert content["terraform"] == {"backend": {"local": {}}}
    provider = content["provider"]["aws"]
    assert provider["endpoints"] == dict.fromkeys(SERVICES, ENDPOINT)
    assert not {"access_key", "secret_key", "token"} & provider.keys()
    assert "region" not in provider
    assert content.keys() == {"terraform", "provider"}


def test_the_services_are_those_of_the_provider_each_by_one_name() -> None:
    assert {"iot", "kinesis", "s3", "sts", "dms"} <= {*SERVICES}
    # Other names of the same ones, which the provider warns of.
    assert not {"databasemigration", "cloudwatchlogs", "s3api"} & {*SERVICES}
    # 6.x has no such service any more.
    assert "simpledb" not in SERVICES
    assert list(SERVICES) == sorted({*SERVICES})
    assert len(SERVICES) > 200


def test_the_api_is_called_by_its_path() -> None:
    content = override(ENDPOINT, api=Api("iot-api", "${aws_api_gateway_stage.v1.stage_name}"))
    url = (
        "http://127.0.0.1:4566/restapis/${aws_api_gateway_rest_api.iot-api.id}"
        "/${aws_api_gateway_stage.v1.stage_name}/_user_request_"
    )
    assert content["output"] == {"api_endpoint": {"value": url}}


def test_functions_have_the_local_address_of_the_api() -> None:
    content = override(ENDPOINT, api=Api("iot_api", "v1", address="iot_api__address"))
    url = "http://127.0.0.1:4566/restapis/${aws_api_gateway_rest_api.iot_api.id}/v1/_user_request_"
    assert content["locals"] == {"iot_api__address": url}


def test_whatever_has_the_url_of_the_api_has_the_local_one() -> None:
    api = Api("a", "v1", outputs=("api_endpoint", "url"), published=("output__url",))
    content = override(ENDPOINT, api=api, resources={"aws_route53_record": {"r": {"count": 0}}})
    url = "http://127.0.0.1:4566/restapis/${aws_api_gateway_rest_api.a.id}/v1/_user_request_"
    assert content["output"] == {"api_endpoint": {"value": url}, "url": {"value": url}}
    assert content["resource"] == {
        "aws_route53_record": {"r": {"count": 0}},
        "aws_ssm_parameter": {"output__url": {"value": url}},
    }


def test_functions_are_called_by_the_ids_of_their_urls() -> None:
    content = override(ENDPOINT, urls={"a-b": "${aws_lambda_function_url.a-b.function_url}"})
    url = "http://127.0.0.1:4566/_aws/lambda-url/${aws_lambda_function_url.a-b.url_id}/"
    assert content["output"] == {"function_urls": {"value": {"a-b": url}}}


def test_what_stands_in_an_account_on_aws_is_left_out() -> None:
    resources = {
        "aws_wafv2_web_acl_association": {"iot_api": {"web_acl_arn": "arn"}},
        "aws_s3_bucket_metric": {"lake__Failures": {"name": "Failures"}},
        "aws_cloudwatch_log_subscription_filter": {
            "work__to_centre": {"destination_arn": "arn:aws:logs:us-east-1:210987654321:destination:centre"},
            "watch__log_group": {"destination_arn": "${aws_lambda_function.watch.arn}"},
        },
        "aws_route53_record": {"iot_api__domain": {"zone_id": "Z1"}},
        "aws_api_gateway_rest_api_policy": {"iot_api": {"policy": "{}"}},
        "aws_lambda_function": {"signed": {"code_signing_config_arn": "arn"}, "plain": {}},
        "aws_lambda_event_source_mapping": {"counted": {"tumbling_window_in_seconds": 60}, "plain": {}},
        "aws_iam_role": {"work": {"permissions_boundary": "arn"}, "plain": {}},
        "aws_iam_role_policy_attachment": {
            "work__own_devices": {"policy_arn": "arn:aws:iam::123456789012:policy/devices"},
            "work__aws_X": {"policy_arn": "arn:${data.aws_partition.current.partition}:iam::aws:policy/X"},
        },
        "aws_sqs_queue": {"jobs": {}},
    }
    changes = left_out(resources)
    assert changes == {
        "aws_wafv2_web_acl_association": {"iot_api": {"count": 0, "web_acl_arn": NO_ACL}},
        "aws_s3_bucket_metric": {"lake__Failures": {"count": 0}},
        "aws_cloudwatch_log_subscription_filter": {"work__to_centre": {"count": 0}},
        "aws_route53_record": {"iot_api__domain": {"count": 0}},
        "aws_api_gateway_rest_api_policy": {"iot_api": {"count": 0}},
        "aws_lambda_function": {"signed": {"code_signing_config_arn": None}},
        "aws_iam_role": {"work": {"permissions_boundary": None}},
        "aws_iam_role_policy_attachment": {"work__own_devices": {"count": 0}},
        "aws_lambda_event_source_mapping": {"counted": {"tumbling_window_in_seconds": None}},
    }
    assert override(ENDPOINT, resources=changes)["resource"] == changes
    assert left_out({"aws_sqs_queue": {"jobs": {}}}) == {}
