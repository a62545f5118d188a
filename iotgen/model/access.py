"""Access of functions to resources: the verbs of each kind, and the grants of each function."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from iotgen.model.context import Context, label
from iotgen.model.drawing import Edge, Flow, Relation
from iotgen.model.expression import Expression, Joined, Reference
from iotgen.model.live import Live
from iotgen.model.outside import Outside
from iotgen.model.policy import Statement, statement_id
from iotgen.model.resource import Resource
from iotgen.problem import Path


@dataclass(frozen=True, kw_only=True)
class Variable:
    """The environment variable by which a handler finds a resource.

    Its name is `prefix` and the key, its value an `attribute` of the resource whose label ends in `part`;
    `live` is the value that it has where the resource is deployed.
    """

    prefix: str
    attribute: str
    live: Callable[[Live, Any], str]
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A verb of `access`: the IAM `actions` that it grants, and the boto3 `methods` that need them.

    `method` is the one for messages. `reads` is whether data move from the resource to the function.
    `variable` and `phrase` override those of the kind. `named` is whether the methods name the resource, for
    which a handler needs the variable.
    """

    actions: tuple[str, ...]
    method: str
    methods: frozenset[str]
    reads: bool
    variable: Variable | None = None
    phrase: str = ""
    named: bool = True


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A method whose IAM action is that of the first word of its `argument`; "" for several texts."""

    argument: str
    actions: Mapping[str, str]

    def action(self, text: str) -> str:
        """The action for a text; empty if it is not known."""
        word = text.split(maxsplit=1)[:1]
        return self.actions.get(word[0].upper(), "") if word else ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Access:
    """How functions use the resources of a kind.

    `service` is boto3's name of the service, `operations` the IAM action of each of its methods, whether a
    verb grants it or not, and `objects` the methods of the objects that a boto3 resource creates. `phrase`
    describes the access, with verbs and a key. `scoped` is whether verbs are limited to prefixes. `examples`
    are the verbs to suggest. `through` is the service that uses the pipeline's own KMS key on behalf of the
    function, None if a separate statement allows it.
    """

    service: str
    operations: Mapping[str, str | Spoken]
    objects: Mapping[str, frozenset[str]] = field(default_factory=dict)
    address: str
    noun: str
    variable: Variable
    phrase: str
    verbs: Mapping[str, Verb]
    scoped: bool = False
    examples: tuple[str | Mapping[str, str], ...]
    through: str | None
    arn: Callable[[Context, str, Any], Joined]
    statements: "Callable[[Context, Grant], Iterator[Statement]]"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Access to the resource `key` of `section`; `verb` is as in the spec, a list joined with dashes.

    `alias` is its variable's name, where the spec has one; `outside` is the resource, if it exists already.
    `path` is where the spec has it, empty if it follows from something else.
    """

    section: str
    key: str
    verb: Any
    access: Access
    arn: Joined
    alias: str = ""
    outside: Outside | None = None
    path: Path = ()

    @property
    def verbs(self) -> tuple[str, ...]:
        """The single verbs: the parts of a list, or the keys of a mapping."""
        return tuple(self.verb) if isinstance(self.verb, Mapping) else tuple(self.verb.split("-"))

    @property
    def variable(self) -> str:
        """The name of the environment variable that it provides."""
        return self.alias or self._variable.prefix + label(self.key).upper()

    @property
    def value(self) -> str | Expression:
        """The variable's value; an ARN is derived from the name, before the resource exists."""
        part, attribute = self._variable.part, self._variable.attribute
        if self.outside:
            return self.outside.attribute(attribute)
        if attribute == "arn":
            return self.arn
        return Reference(f"{self.access.address}.{label(self.key)}{part}.{attribute}")

    def live(self, at: Live, resource: Resource) -> str:
        """The variable's value where `resource`, which the grant is for, is deployed."""
        return self._variable.live(at, resource)

    @property
    def _variable(self) -> Variable:
        return self.access.verbs[self.verbs[0]].variable or self.access.variable

    def phrase(self, verbs: tuple[str, ...]) -> str:
        """The access that `verbs` grant, in words."""
        phrases: dict[str, list[str]] = {}
        for verb in verbs:
            phrases.setdefault(self.access.verbs[verb].phrase or self.access.phrase, []).append(verb)
        return " and ".join(
            phrase.format(verbs=_listed(same), key=self.key) for phrase, same in phrases.items()
        )

    def words(self) -> str:
        """All that it grants, in words; what a verb is limited to comes after it."""
        if isinstance(self.verb, Mapping):
            return " and ".join(
                self.phrase((verb,)) + (f" under `{scope}`" if scope else "")
                for verb, scope in self.verb.items()
            )
        return self.phrase(self.verbs)

    def edge(self, function: Path) -> Edge:
        """The access of `function` as an edge of a drawing."""
        scopes = self.verb if isinstance(self.verb, Mapping) else {}
        text = ", ".join(f"{verb} {scopes[verb]}".strip() if scopes else verb for verb in self.verbs)
        ways = {self.access.verbs[verb].reads for verb in self.verbs}
        flow = Flow.BOTH if len(ways) == 2 else Flow.AGAINST if True in ways else Flow.WITH
        resource = (self.section, self.key)
        return Edge(
            tail=function, head=resource, text=text, accent=resource, relation=Relation.ACCESS, flow=flow
        )


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def statement(grant: Grant) -> Statement:
    """A statement that allows all actions of the verbs of `grant`."""
    actions = {action for verb in grant.verbs for action in grant.access.verbs[verb].actions}
    sid = statement_id(grant.verb, grant.access.noun, grant.key)
    return Statement(sid, tuple(sorted(actions)), (grant.arn,))


def only_statement(_context: Context, grant: Grant) -> Iterator[Statement]:
    """The statement of a grant that needs only one."""
    yield statement(grant)


def resolve_access(
    context: Context, accesses: Mapping[str, Access], settings: Mapping[str, Any], path: Path
) -> tuple[Grant, ...]:
    """Each grant of a function's `access` whose resource exists; `accesses` has each kind's by section."""
    return tuple(
        Grant(
            section=section,
            key=key,
            verb=verb,
            access=accesses[section],
            arn=accesses[section].arn(context, key, verb),
            alias=alias,
            outside=context.existing(section, key),
            path=place,
        )
        for section, grants in settings.items()
        if section in accesses
        for key, written in grants.items()
        if context.has(section, key, place := context.place((*path, section, key)))
        for verb, alias in _verbs(accesses[section], written)
    )


def _verbs(access: Access, written: Any) -> Iterator[tuple[Any, str]]:
    """The verbs and the variable's name for each grant: a resource has one for each of its variables."""
    alias = str(written.get("as", "")) if isinstance(written, Mapping) else ""
    if isinstance(written, Mapping):
        written = written.get("verbs") or {verb: scope for verb, scope in written.items() if verb != "as"}
    if isinstance(written, str):
        written = written.split("-")
    if access.scoped and not isinstance(written, Mapping):
        written = dict.fromkeys(written, "")
    if isinstance(written, Mapping):
        yield written, alias
        return
    groups: dict[Variable | None, list[str]] = {}
    for verb in written:
        groups.setdefault(access.verbs[verb].variable, []).append(verb)
    for verbs in groups.values():
        yield "-".join(sorted(verbs)), alias
