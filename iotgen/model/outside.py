"""Resources that exist already: the spec refers to them like its own, and iotgen never changes them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from iotgen.model.drawing import Style
from iotgen.model.expression import Expression, Joined, Label, Reference, joined
from iotgen.model.live import Live
from iotgen.model.resource import Resource

# iotgen.model.context.Context, which knows this module.
Context = Any
_ARN = re.compile(r"arn:(?P<partition>[^:]+):[^:]+:(?P<region>[^:]*):(?P<account>[^:]*):(?P<rest>.+)")


@dataclass(frozen=True, kw_only=True)
class Outside(Resource):
    """A resource that exists already, of the kind of `section`.

    `account` and `region` are those of its ARN, where the spec has one. `read` is whether something needs an
    attribute that only AWS knows, by the data source `address`. `sends` asks whether it sends its events to
    EventBridge, None where nothing needs them.
    """

    section: str
    noun: str
    address: Label
    arn: Joined
    account: str | None
    region: str | None
    url: str | None
    read: bool
    style: Style
    there: Callable[[Live, "Outside"], None]
    sends: Callable[[Live, "Outside"], bool] | None = None

    @property
    def id(self) -> str:
        """What a call of boto3 takes for it: its name, or its ARN where the spec has that."""
        return "".join(map(str, self.arn.parts)) if self.account else self.name

    @property
    def known_arn(self) -> str | Expression:
        """Its ARN in the spec, or else as AWS says it."""
        return self.id if self.account else Reference(f"data.{self.address}.{self.label}.arn")

    @property
    def full_name(self) -> Joined:
        """Its name, as a bucket of the pipeline's own has it."""
        return joined(self.name)

    def attribute(self, name: str) -> str | Expression:
        """An attribute as Terraform calls it, known at plan time wherever it can be."""
        if name == "arn":
            return self.id if self.account else self.arn
        if name in ("name", "bucket", "id"):
            return self.id
        if name == "url" and self.url:
            return self.url
        return Reference(f"data.{self.address}.{self.label}.{name}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Events:
    """The events that a resource sends to EventBridge where its owner has switched that on.

    `heard` is whether something in the spec needs those of one, `sends` asks AWS whether it sends them.
    """

    heard: Callable[[Context, str], bool]
    sends: Callable[[Live, Outside], bool]


@dataclass(frozen=True, kw_only=True, eq=False)
class Form:
    """How the resources of a kind that exist already are found.

    `service` and `within` are those of their ARNs: `dynamodb` and `table/`. `own` is the ARN of a resource of
    the pipeline's own. `read` is whether something in the spec needs an attribute that only AWS knows.
    `there` asks AWS for one; it raises what boto3 does if there is none. `ending` is that of its name in
    Terraform, after its key. `noted` is the attribute by which events name one. `full` is the name of one of
    the pipeline's own, where the account is a part of it. `events` are those that one may not send. `url` is
    the URL of one that has one which is no attribute of Terraform's.
    """

    address: str
    service: str
    within: str
    own: Callable[[Context, str], Joined]
    read: Callable[[Context, str], bool]
    there: Callable[[Live, Outside], None]
    style: Style
    ending: str = ""
    noted: str = "name"
    full: Callable[[Context, str], Joined] | None = None
    events: Events | None = None
    url: Callable[[Context, str], Joined] | None = None


def outside(
    form: Form, section: str, noun: str, common: dict[str, Any], written: str, own: Joined, *, read: bool
) -> Outside:
    """The resource of which a spec has `written` the name or the ARN.

    `common` are the arguments of every resource, `own` is the ARN that the name has in this account.
    """
    match, name = _ARN.fullmatch(written), outside_name(written, form)
    account, region = (match["account"] or None, match["region"] or None) if match else (None, None)
    return Outside(
        **common | {"name": name},
        section=section,
        noun=noun,
        address=Label(form.address),
        arn=joined(written) if match else own,
        account=account,
        region=region,
        url=_url(match, name) if match and form.service == "sqs" else None,
        read=read and not match,
        style=form.style,
        there=form.there,
    )


def outside_name(written: str, form: Form) -> str:
    """The name of a resource, of which the spec has the name or the ARN."""
    match = _ARN.fullmatch(written)
    return match["rest"].removeprefix(form.within) if match else written


def _url(arn: re.Match[str], name: str) -> str:
    """The URL of a queue of which the ARN is known: the data source finds those of the own account only.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
    """
    china = ".cn" if arn["partition"] == "aws-cn" else ""
    return f"https://sqs.{arn['region']}.amazonaws.com{china}/{arn['account']}/{name}"


def never_read(_context: Any, _key: str) -> bool:
    """Whether anything is read of what is known by its name alone."""
    return False
