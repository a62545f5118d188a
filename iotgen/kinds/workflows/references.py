"""References of a definition to resources of the spec: `${functions.transform}`, `${queues.jobs.arn}`.

AWS SAM fills in `${NAME}` by DefinitionSubstitutions, and so does the setting `substitutions`.
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.workflows.definition import Definition
from iotgen.model.access import Access, Grant
from iotgen.model.arn import ACCOUNT, PARTITION
from iotgen.model.expression import Expression, Joined, joined
from iotgen.model.kind import Resolving
from iotgen.problem import Path
from iotgen.spec.nearest import nearest

# `${` and a name: JSONata has `${` before what is no name.
MARK = re.compile(r"\$\{([A-Za-z][\w.:-]*)\}")
_ATTRIBUTES = ("arn", "name")
_HINT = "Write `${functions.KEY}`, `${tables.KEY}` and so on, or define it under `substitutions`."


@dataclass(frozen=True)
class Named:
    """A resource of the spec that a definition names."""

    section: str
    key: str
    attribute: str = ""


@dataclass(frozen=True)
class Filler:
    """What fills in the references of a definition; faults of them are reported."""

    context: Resolving
    definition: Definition
    substitutions: Mapping[str, str]

    def substituted(self) -> Any:
        """The definition with the substitutions of the spec in place."""
        return _changed(self.definition.data, self._substitute)

    def _substitute(self, text: str) -> str:
        return MARK.sub(lambda match: self.substitutions.get(match[1], match[0]), text)

    def named(self, text: str) -> Iterator[Named]:
        """The resources that a text names and that are there."""
        for match in MARK.finditer(text):
            parts = _parts(match[1])
            if parts and parts.section in self.context.accesses and self._is_there(parts):
                yield parts

    def _is_there(self, named: Named) -> bool:
        return named.key in (self.context.data.get(named.section) or {})

    def is_lost(self, text: str) -> bool:
        """Whether a text refers to something that is not there, which is reported."""
        return any(self._fault(match[1]) for match in MARK.finditer(text))

    def report(self, data: Any) -> None:
        """Report each reference to what is not there; note the others."""
        for path, text in _walk(data):
            for match in MARK.finditer(text):
                if fault := self._fault(match[1]):
                    self.context.report(self.definition.at(path, *fault, code="IOT201"))

    def _fault(self, name: str) -> tuple[str, str] | None:
        if name in _WHERE:
            return None
        parts, sections = _parts(name), sorted(self.context.accesses)
        if parts is None:
            return f"nothing fills in `${{{name}}}`", _HINT
        section, key = parts.section, parts.key
        if section not in sections:
            near = nearest(section, sections)
            meant = f"; did you mean `${{{near}.{key}}}`?" if near else ""
            return f"a definition cannot refer to `{section}`{meant}", "" if near else _HINT
        references = self.context.references
        if self._is_there(parts):
            references.followed.add((section, key))
            return None
        known = sorted(references.declared.get(section, ()))
        if key in known:  # its own fault is reported already
            return None
        near = nearest(key, known)
        meant = f"; did you mean `{near}`?" if near else ""
        hint = f"Use one of: {', '.join(known)}." if known else f"Declare it: the spec has no {section}."
        return f"there is no {references.nouns[section]} `{key}`{meant}", "" if near else hint

    def filled(self, text: str) -> Joined:
        """A text with the values of what it refers to."""
        parts: list[Any] = []
        end = 0
        for match in MARK.finditer(text):
            parts += [text[end : match.start()], self._value(match[1], match[0])]
            end = match.end()
        return joined(*(one for one in (*parts, text[end:]) if one != ""))

    def body(self, data: Any) -> Joined:
        """The definition as JSON, with all values; those have nothing that JSON would escape."""
        return self.filled(json.dumps(data, indent=2, ensure_ascii=False))

    def _value(self, name: str, written: str) -> str | Expression:
        if name in _WHERE:
            where: str | Expression = _WHERE[name](self.context)
            return where
        parts = _parts(name)
        if parts is None or parts.section not in self.context.accesses or not self._is_there(parts):
            return written
        if parts.attribute == "name":
            return self.context.full_name(parts.section, parts.key)
        verbs = self.context.accesses[parts.section].verbs
        own = grant(
            self.context, parts.section, parts.key, next(one for one in verbs if not verbs[one].variable)
        )
        return own.arn if parts.attribute == "arn" else own.value


def grant(context: Resolving, section: str, key: str, verb: str) -> Grant:
    """The grant of a verb on a resource."""
    access: Access = context.accesses[section]
    written: Any = {verb: ""} if access.scoped else verb
    return Grant(
        section=section,
        key=key,
        verb=written,
        access=access,
        arn=access.arn(context, key, written),
        outside=context.existing(section, key) if section in context.forms else None,
    )


# What is filled in beside resources, also as CloudFormation calls it.
_WHERE: Mapping[str, Any] = {
    "region": lambda context: context.region,
    "account": lambda _context: ACCOUNT,
    "partition": lambda _context: PARTITION,
    "suffix": lambda context: context.suffix,
    "pipeline": lambda context: str(context.data["pipeline"]),
    "AWS::Region": lambda context: context.region,
    "AWS::AccountId": lambda _context: ACCOUNT,
    "AWS::Partition": lambda _context: PARTITION,
}


def _parts(name: str) -> Named | None:
    parts = name.split(".")
    if len(parts) == 2:
        return Named(*parts)
    return Named(*parts) if len(parts) == 3 and parts[2] in _ATTRIBUTES else None


def _walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _walk(one, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _walk(one, (*path, index))


def _changed(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _changed(one, change) for key, one in value.items()}
    return [_changed(one, change) for one in value] if isinstance(value, list) else value
