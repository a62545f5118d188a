"""User pools: where the spec names them, what cannot be changed of deployed ones, and how they are found."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from iotgen import changes
from iotgen.errors import RemoteError
from iotgen.graph.graph import graph_of
from iotgen.invoke.sample import sample
from iotgen.invoke.variables import variables
from iotgen.kinds.functions import Function
from iotgen.kinds.user_pools import USER_POOLS, UserPool
from iotgen.kinds.user_pools.users import pool_contents
from iotgen.model.contents import Amount
from iotgen.model.live import Live
from iotgen.model.preflight import Account
from iotgen.prove.shaping import shape_of
from tests.conftest import as_text

if TYPE_CHECKING:
    from tests.conftest import Compile

HEAD = "version: 1\npipeline: p\n"
POOL = "user_pools: {users: {clients: {web: {}}}}\n"
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "functions: {f: {source: f, environment: {CLIENT: {user_pool: users, client: wbe}}}}\n",
            "spec.yaml:4:77: IOT201 the user pool `users` has no client `wbe`; did you mean `web`?\n",
        ),
        (
            "functions: {f: {source: f, environment: {CLIENT: {user_pool: users, client: mobile}}}}\n",
            "spec.yaml:4:77: IOT201 the user pool `users` has no client `mobile`\n    Use one of: web.\n",
        ),
        (
            "outputs: {client: {user_pool: user, client: web}}\n",
            "spec.yaml:4:31: IOT201 there is no user pool `user`; did you mean `users`?\n",
        ),
        (
            "outputs: {client: {user_pool: users, attribute: name}}\n",
            "spec.yaml:4:49: IOT104 `attribute` is `id`, `arn` or `url` of a user pool\n",
        ),
        (
            "outputs: {client: {user_pool: users, client: web, attribute: id}}\n",
            "spec.yaml:4:62: IOT104 `attribute` is for the user pool: `client` is the ID itself\n",
        ),
        (
            "queues: {q: {}}\noutputs: {client: {queue: q, attribute: id}}\n",
            "spec.yaml:5:41: IOT104 `attribute` is `name` or `arn`: only a user pool has an ID\n",
        ),
        (
            "queues: {q: {}}\noutputs: {client: {queue: q, client: web}}\n",
            "spec.yaml:5:38: IOT104 `client` is one of a user pool: write `user_pool: KEY`, too\n",
        ),
        (
            "functions: {f: {source: f}}\nendpoints: {/a: {method: GET, function: f, auth: {user_pool: user}}}\n",
            "spec.yaml:5:62: IOT201 there is no user pool `user`; did you mean `users`?\n",
        ),
    ],
)
def test_a_reference_to_what_is_not_there(text: str, problem: str, compile_spec: Compile) -> None:
    assert as_text(compile_spec(HEAD + POOL + text, rules=()).problems) == problem


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ("{clients: {web: {logout: ['https://a.example.com/']}}}", "46: IOT104 `logout` is for the sign-in pages: write `callback`, too\n"),
        ("{clients: {web: {callback: ['http://a.example.com/']}}}", '49: IOT104 `callback` cannot be "http://a.example.com/": use an address that begins with https://, an app of its own such as myapp://, or http://localhost, and has no #\n'),
        ("{clients: {web: {callback: ['http://localhost.example.com/']}}}", '49: IOT104 `callback` cannot be "http://localhost.example.com/": use an address that begins with https://, an app of its own such as myapp://, or http://localhost, and has no #\n'),
        ("{clients: {web: {generate_secret: true}}}", "38: IOT101 `generate_secret` is not a setting of a client\n    Remove it: no client has a secret, which would be in Terraform's state.\n"),
        ("{password: {length: 5}}", "41: IOT104 `length` must be at least 6\n"),
        ("{existing: us-east-1_AbC, mfa: optional}", "47: IOT104 `mfa` cannot be set for a user pool that exists already: iotgen neither makes nor changes it\n    Remove it.\n"),
        ("{existing: users-dev}", "32: IOT104 `existing` cannot be \"users-dev\": use the ID of a user pool such as us-east-1_AbCdEfGhI\n"),
    ],
)  # fmt: skip
def test_a_setting_that_cognito_refuses(settings: str, problem: str, compile_spec: Compile) -> None:
    problems = as_text(compile_spec(f"{HEAD}user_pools: {{users: {settings}}}\n", rules=()).problems)
    assert problems == f"spec.yaml:3:{problem}"


def test_custom_attributes_are_read_by_users_and_changed_by_others(compile_spec: Compile) -> None:
    text = "user_pools: {users: {attributes: [tenant], clients: {web: {}}}, plain: {clients: {web: {}}}}\n"
    own, plain = compile_spec(HEAD + text, rules=()).model.all(UserPool)
    assert own.clients[0].reads
    assert "custom:tenant" in own.clients[0].reads
    assert own.clients[0].writes
    assert "custom:tenant" not in own.clients[0].writes
    assert plain.clients[0].reads is plain.clients[0].writes is None


DEPLOYED = {
    "name": "users-dev",
    "username_attributes": ["email"],
    "alias_attributes": None,
    "schema": [{"name": "name", "required": True}, {"name": "tenant", "required": False}],
}


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ("{required: [name], attributes: [tenant, plant]}", ""),
        (
            "{sign_in: [username], required: [name], attributes: [tenant]}",
            "spec.yaml:3:22: IOT601 the user pool `users` is deployed with `sign_in: [email]`, which Cognito cannot change: the pool would be replaced by an empty one\n"
            "    Add a user pool under another key, such as `users-2`, and remove this one when its users have moved.\n",
        ),
        (
            "{name: staff, required: [name], attributes: [tenant]}",
            "spec.yaml:3:22: IOT601 the user pool `users` is deployed as `users-dev`: named `staff`, it would be a new, empty user pool\n"
            "    Keep its name by `name: users-{suffix}`, or add a user pool under another key, and remove this one later.\n",
        ),
        (
            "{required: [name], attributes: [plant]}",
            "spec.yaml:3:40: IOT603 the user pool `users` is deployed with the attributes `tenant`, and Cognito takes none away\n"
            "    Write `attributes: [plant, tenant]`: one that nothing uses costs nothing.\n",
        ),
        (
            "{required: [name, locale], attributes: [tenant]}",
            "spec.yaml:3:22: IOT603 the user pool `users` is deployed with `required: [name]`, and Cognito cannot change which attributes users must have\n"
            "    Keep `required: [name]`.\n",
        ),
    ],
)
def test_what_cannot_be_changed_once_it_is_deployed(
    settings: str, problem: str, compile_spec: Compile
) -> None:
    compiled = compile_spec(f"{HEAD}user_pools: {{users: {settings}}}\n", rules=())
    state = {"aws_cognito_user_pool.users": DEPLOYED}
    assert as_text(changes.problems(compiled.model, compiled.document, state)) == problem


def test_the_pipelines_own_pool_is_not_taken_for_one_that_exists_already(compile_spec: Compile) -> None:
    compiled = compile_spec(HEAD + "user_pools: {users: {existing: us-east-1_Own}}\n")
    state = {"aws_cognito_user_pool.users": {"name": "users-dev", "id": "us-east-1_Own"}}
    assert as_text(changes.problems(compiled.model, compiled.document, state)) == (
        "spec.yaml:3:22: IOT601 the user pool `users` is this pipeline's own: as `existing`, it would be destroyed\n"
        "    Take it out of the state first: terraform -chdir=out/dev state rm aws_cognito_user_pool.users\n"
    )


class Cognito:
    """A Cognito with one pool, which has a client."""

    exceptions = SimpleNamespace(ResourceNotFoundException=LookupError)

    def __init__(self, users: int = 0, *, more: bool = False, domain: str = "") -> None:
        self.users, self.more, self.domain = users, more, domain

    def list_users(self, **request: Any) -> dict[str, Any]:
        assert request == {"UserPoolId": "us-east-1_Own", "Limit": 60}
        return {"Users": [{}] * self.users, **({"PaginationToken": "next"} if self.more else {})}

    def describe_user_pool(self, **_: Any) -> dict[str, Any]:
        return {"UserPool": {"EstimatedNumberOfUsers": 1204}}

    def describe_user_pool_domain(self, **request: Any) -> dict[str, Any]:
        there = request["Domain"] == self.domain
        return {"DomainDescription": {"UserPoolId": "us-east-1_Other"} if there else {}}

    def get_paginator(self, operation: str) -> Any:
        pools = {
            "UserPools": [
                {"Name": "other", "Id": "us-east-1_Other"},
                {"Name": "users-dev", "Id": "us-east-1_Own"},
            ]
        }
        clients = {"UserPoolClients": [{"ClientName": "web-dev", "ClientId": "7abc"}]}
        page = {"list_user_pools": pools, "list_user_pool_clients": clients}[operation]
        return SimpleNamespace(paginate=lambda **_: iter([page]))

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": "arn:aws:iam::123456789012:user/someone"}


@pytest.mark.parametrize(
    ("cognito", "amount"),
    [
        (Cognito(), Amount("0 users", empty=True)),
        (Cognito(1), Amount("1 user", empty=False)),
        (
            Cognito(60, more=True),
            Amount("more than 60 users (about 1,204 by Cognito's estimate)", empty=False),
        ),
    ],
)
def test_a_pool_holds_its_users(cognito: Cognito, amount: Amount) -> None:
    assert pool_contents(lambda _: cognito, {"id": "us-east-1_Own"}, NOW) == amount


def test_the_status_says_how_many_users_there_are(compile_spec: Compile) -> None:
    (pool,) = compile_spec(HEAD + POOL, rules=()).model.all(UserPool)
    assert USER_POOLS.status
    (fact,) = USER_POOLS.status.facts(lambda _: Cognito(), pool)
    assert (fact.column, fact.value) == ("users", 1204)


VARIABLES = """\
functions:
  f:
    source: f
    access: {user_pools: {users: read, staff: {verbs: read, as: STAFF}}}
    environment:
      CLIENT: {user_pool: users, client: web}
      ISSUER: {user_pool: users, attribute: url}
      ARN: {user_pool: users, attribute: arn}
"""


def test_a_run_here_finds_the_deployed_pools(compile_spec: Compile) -> None:
    text = POOL.replace("}}}}", "}}}, staff: {existing: us-east-1_Other}}")
    pipeline = compile_spec(HEAD + text + VARIABLES, rules=()).model
    found = variables(pipeline.get(Function, "f"), pipeline, Live("us-east-1", lambda _: Cognito()))
    names = ("USER_POOL_USERS", "STAFF", "CLIENT", "ISSUER", "ARN")
    assert {name: found[name] for name in names} == {
        "USER_POOL_USERS": "us-east-1_Own",
        "STAFF": "us-east-1_Other",
        "CLIENT": "7abc",
        "ISSUER": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Own",
        "ARN": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Own",
    }


def test_a_run_here_says_which_pool_is_not_deployed(compile_spec: Compile) -> None:
    text = "user_pools: {guests: {}}\nfunctions: {f: {source: f, access: {user_pools: {guests: read}}}}\n"
    pipeline = compile_spec(HEAD + text, rules=()).model
    with pytest.raises(RemoteError) as raised:
        variables(pipeline.get(Function, "f"), pipeline, Live("us-east-1", lambda _: Cognito()))
    assert str(raised.value) == "`USER_POOL_GUESTS`, the user pool `guests` is not deployed"


@pytest.mark.parametrize(
    ("domain", "message"),
    [
        ("acme-dev", ["the domain `acme-dev` exists already, and is not part of this environment"]),
        ("else", []),
    ],
)
def test_a_preflight_finds_a_domain_that_is_taken(
    domain: str, message: list[str], compile_spec: Compile
) -> None:
    pipeline = compile_spec(HEAD + "user_pools: {users: {domain: 'acme-{suffix}'}}\n", rules=()).model
    live = Live("us-east-1", lambda _: Cognito(domain=domain))
    account = Account(live=live, ours=frozenset(), tags={}, today=date(2026, 11, 1))
    assert USER_POOLS.preflight
    found = USER_POOLS.preflight(pipeline.all(UserPool), account)
    assert [check.message for check in found] == message


TRIGGERED = """\
user_pools: {users: {}, staff: {existing: us-east-1_Other}}
functions:
  f:
    source: f
    triggers: [{user_pool: users, events: [pre_token_generation, pre_sign_up]}, {user_pool: staff}]
"""


def test_a_sample_of_what_a_user_does_has_the_deployed_pool(compile_spec: Compile) -> None:
    pipeline = compile_spec(HEAD + TRIGGERED, rules=()).model
    function, live = pipeline.get(Function, "f"), Live("us-east-1", lambda _: Cognito())
    found = sample(function, pipeline, {}, live, of="user_pool", now=0, id="an-id")
    assert found.what == "pre token generation and pre sign up of `users`"
    assert found.event["triggerSource"] == "TokenGeneration_Authentication"
    assert found.event["userPoolId"] == "us-east-1_Own"
    assert found.event["request"]["userAttributes"]["sub"] == "an-id"


def test_a_picture_has_an_edge_from_the_pool_to_the_function_that_it_calls(compile_spec: Compile) -> None:
    edges = graph_of(compile_spec(HEAD + TRIGGERED, rules=()).model).edges
    pools = {edge.tail: edge.text for edge in edges if edge.head == ("functions", "f")}
    assert pools["user_pools", "users"] == "pre token generation and pre sign up"
    assert pools["user_pools", "staff"] == "post confirmation"


def test_a_picture_has_an_edge_from_the_api_to_the_pools_whose_users_call(compile_spec: Compile) -> None:
    text = """\
user_pools: {users: {}, staff: {existing: us-east-1_Other}}
functions: {f: {source: f}}
api: {auth: {user_pool: users}}
endpoints: {/a: {method: GET, function: f}, /b: {method: GET, function: f, auth: {user_pool: staff}}}
"""
    edges = graph_of(compile_spec(HEAD + text, rules=()).model).edges
    decide = [edge.head for edge in edges if edge.text == "who may call"]
    assert decide == [("user_pools", "users"), ("user_pools", "staff")]


def test_a_simulated_function_has_ids_and_arns_that_aws_would_choose(compile_spec: Compile) -> None:
    text = """\
user_pools: {users: {clients: {web: {}}}}
keys: {data: {}}
functions:
  f:
    source: f
    access: {user_pools: {users: read}, keys: {data: decrypt}}
    environment: {CLIENT: {user_pool: users, client: web}}
"""
    (function,) = shape_of(compile_spec(HEAD + text, rules=()).model, {"f": ()}).functions
    found = {name: function.environment[name] for name in ("USER_POOL_USERS", "CLIENT", "KEY_DATA")}
    assert found == {
        "USER_POOL_USERS": "us-east-1_users",
        "CLIENT": "users__web",
        "KEY_DATA": "arn:aws:kms:us-east-1:123456789012:key/alias/data-dev",
    }
