from iotgen.local.override import SERVICES, Api, override

ENDPOINT = "http://127.0.0.1:4566"


def test_every_service_is_called_at_the_endpoint_and_the_state_is_local() -> None:
    content = override(ENDPOINT)
    assert content["terraform"] == {"backend": {"local": {}}}
    provider = content["provider"]["aws"]
    assert provider["endpoints"] == dict.fromkeys(SERVICES, ENDPOINT)
    assert (provider["access_key"], provider["secret_key"]) == ("test", "test")
    assert "region" not in provider
    assert content.keys() == {"terraform", "provider"}


def test_the_api_is_called_by_its_path() -> None:
    content = override(ENDPOINT, api=Api("iot-api", "${aws_api_gateway_stage.v1.stage_name}"))
    url = (
        "http://127.0.0.1:4566/restapis/${aws_api_gateway_rest_api.iot-api.id}"
        "/${aws_api_gateway_stage.v1.stage_name}/_user_request_"
    )
    assert content["output"] == {"api_endpoint": {"value": url}}
