"""Where the deployed API answers, found in the account's list of APIs instead of Terraform's state."""

from typing import Any
from urllib.parse import urlsplit

from iotgen.kinds.endpoints.api import Api
from iotgen.model.contents import Clients


def api_addresses(clients: Clients, api: Api) -> list[str]:
    """The address of each API of that name: none if it is not deployed."""
    return _addresses(clients, api, at_domain=api.hidden)


def function_addresses(clients: Clients, api: Api) -> list[str]:
    """The same as functions have it in their variables: that of the API's domain, if it has one."""
    return _addresses(clients, api, at_domain=api.domain is not None)


def _addresses(clients: Clients, api: Api, *, at_domain: bool) -> list[str]:
    client = clients("apigateway")
    pages = client.get_paginator("get_rest_apis").paginate(PaginationConfig={"PageSize": 500})
    ids = [str(one["id"]) for page in pages for one in page["items"] if one["name"] == api.name]
    return [_address(client, identifier, api, at_domain=at_domain) for identifier in ids]


def _address(client: Any, identifier: str, api: Api, *, at_domain: bool) -> str:
    """Beside API Gateway itself, whatever the region's domain, or below the local AWS.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
    """
    endpoint = urlsplit(str(client.meta.endpoint_url))
    service, _, domain = endpoint.netloc.partition(".")
    if service == "apigateway":
        own = f"https://{identifier}.execute-api.{domain}/{api.stage}"
        return api.domain.url if api.domain and at_domain else own
    return f"{endpoint.scheme}://{endpoint.netloc}/restapis/{identifier}/{api.stage}/_user_request_"
