"""How callers of an endpoint identify themselves: by a signature, an API key, or what an authorizer asks for.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.endpoints.naming import part
from iotgen.kinds.functions import Function
from iotgen.kinds.user_pools import SECTION as POOLS
from iotgen.model.expression import Expression, Label
from iotgen.model.kind import Resolving, Settings
from iotgen.problem import Path

IAM, NONE, CUSTOM, COGNITO = "AWS_IAM", "NONE", "CUSTOM", "COGNITO_USER_POOLS"


@dataclass(frozen=True, kw_only=True)
class Authorizer:
    """A function or a user pool that decides who may call.

    `type` is TOKEN, REQUEST or COGNITO_USER_POOLS, `identity` where a request carries what is asked for.
    `user_pool` is its ARN, `pool` its key where it is of the spec.
    `cache` is how many seconds a function's answer holds, None for a user pool.
    """

    label: Label
    name: str
    type: str
    function: Function | None
    user_pool: str | Expression | None
    pool: str | None
    identity: tuple[str, ...]
    cache: int | None

    @property
    def source(self) -> str:
        """Where the identity is, in API Gateway's words."""
        return ",".join(map(_source, self.identity))

    @property
    def statement_id(self) -> str:
        """The id of the permission to invoke the function."""
        return f"authorizer-{self.name}"


@dataclass(frozen=True, kw_only=True)
class Auth:
    """What an endpoint asks of its callers; `type` is that of the method on AWS."""

    type: str
    api_key: bool
    authorizer: Authorizer | None = None
    scopes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What callers need, for a picture: `signed`, `API key`, `token`, `anyone`."""
        known = {IAM: "signed", CUSTOM: "token", COGNITO: "token"}
        both = (known.get(self.type), "API key" if self.api_key else None)
        return " + ".join(filter(None, both)) or "anyone"


class Auths:
    """The authorizations of an API's endpoints: endpoints that ask for the same share an authorizer."""

    def __init__(self, context: Resolving, api: Label) -> None:
        self._context = context
        self._api = api
        self._authorizers: dict[tuple[Any, ...], Authorizer] = {}

    @property
    def authorizers(self) -> tuple[Authorizer, ...]:
        """Those that were made."""
        return tuple(self._authorizers.values())

    def of(self, written: Any, path: Path, *, api_key: bool) -> Auth | None:
        """What `auth` at `path` means; None if it refers to something that is not there."""
        if isinstance(written, str):
            return Auth(type=IAM if written == "iam" else NONE, api_key=api_key or written == "api_key")
        if not self._is_there(written, path):
            return None
        return Auth(
            type=CUSTOM if "function" in written else COGNITO,
            api_key=api_key,
            authorizer=self._authorizer(written),
            scopes=tuple(written.get("scopes", ())),
        )

    def _is_there(self, written: Settings, path: Path) -> bool:
        """Whether the function or the pool is declared that it names; a pool may be named by its ARN."""
        if "function" in written:
            return self._context.has("functions", written["function"], (*path, "function"))
        pool = written["user_pool"]
        return pool.startswith("arn:") or self._context.has(POOLS, pool, (*path, "user_pool"))

    def _authorizer(self, written: Settings) -> Authorizer:
        settings = _settings(written)
        known = tuple(settings.values())
        if known not in self._authorizers:
            name = self._name(str(settings["subject"]).rpartition("/")[2])
            key, pool = written.get("function"), written.get("user_pool")
            self._authorizers[known] = Authorizer(
                label=part(self._api, f"{name}_authorizer"),
                name=name,
                type=settings["type"],
                function=self._context.resources.get(Function, key) if key else None,
                user_pool=self._pool(pool) if pool else None,
                pool=pool if pool and not pool.startswith("arn:") else None,
                identity=settings["identity"],
                cache=settings["cache"],
            )
        return self._authorizers[known]

    def _pool(self, written: str) -> str | Expression:
        """The ARN of a user pool."""
        return written if written.startswith("arn:") else self._context.arn(POOLS, written)

    def _name(self, subject: str) -> str:
        """The name of an authorizer: a second one of the same function has a number."""
        plain = subject.replace("_", "-")
        taken = {one.name for one in self._authorizers.values()}
        names: Iterable[str] = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3)))
        return next(name for name in names if name not in taken)


def _settings(written: Settings) -> Mapping[str, Any]:
    """What distinguishes authorizers."""
    if "user_pool" in written:
        return {"subject": written["user_pool"], "type": COGNITO, "identity": _HEADER, "cache": None}
    identity = written["identity"]
    return {
        "subject": written["function"],
        "type": written["type"].upper(),
        "identity": (identity,) if isinstance(identity, str) else tuple(identity),
        "cache": written["cache"],
    }


_HEADER = ("header.Authorization",)
_SOURCES = {
    "header": "method.request.header.",
    "query": "method.request.querystring.",
    "stage": "stageVariables.",
    "context": "context.",
}


def _source(identity: str) -> str:
    where, _, name = identity.partition(".")
    return f"{_SOURCES[where]}{name}"
