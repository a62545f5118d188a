"""A rate or a burst of -1 is no limit of a stage's own. MiniStack refuses each request there.

Terraform sets -1 where a stage has no throttle, and the limits of the account hold then:
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_method_settings
"""

from collections.abc import Mapping
from typing import Any

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
_ACCOUNT = {"rateLimit": 10_000.0, "burstLimit": 5_000}


def mend_throttles(apigateway: Any) -> None:
    """Make this MiniStack module take a negative limit as that of the account."""
    take_token = apigateway._take_token

    def taken(slot: Any, limits: Mapping[str, Any]) -> bool:
        own = {name: _ACCOUNT[name] if float(limit or 0) < 0 else limit for name, limit in limits.items()}
        return bool(take_token(slot, own))

    apigateway._take_token = taken
