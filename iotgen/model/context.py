"""The context that the resolvers of all kinds share: settings, environment, and declared keys."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.arn import ACCOUNT
from iotgen.model.expression import Expression, Joined, Label, Reference, joined
from iotgen.model.keyless import keyless
from iotgen.model.outside import Form, Outside, outside, outside_name
from iotgen.model.references import References
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.spec.defaults import written_at
from iotgen.spec.schema import schema

# Receives each problem.
Report = Callable[[Finding], None]


@dataclass(frozen=True)
class Context:
    """The spec's settings, valid and with all defaults, and what the resolvers need beside them.

    `written` are the settings without the defaults. `forms` has, by section, how resources that exist already
    are found.
    """

    data: Mapping[str, Any]
    written: Mapping[str, Any]
    references: References
    suffix: str
    sources: Sources
    report: Report
    forms: Mapping[str, Form]

    @property
    def region(self) -> str:
        """The AWS region."""
        return str(self.data["region"])

    @property
    def encryption_key(self) -> Reference | None:
        """The ARN of the pipeline's own KMS key, None with AWS's keys."""
        own = self.data["encryption"]["customer_managed_key"]
        return Reference("aws_kms_key.pipeline.arn") if own else None

    def kms_key(self, section: str, key: str) -> str | Expression | None:
        """The ARN of a resource's KMS key: the one it names, or the pipeline's; None with AWS's keys."""
        settings = self.data[section][key]
        if named := settings.get("kms_key"):
            own = "kms_key" in self.written[section][key]
            path: Path = (section, key) if own else ("defaults", "function")
            return self.key_arn(named) if self.has("keys", named, (*path, "kms_key")) else None
        plain = settings.get("existing") or keyless(self.data, section, key)
        return None if plain else self.encryption_key

    def log_kms_key(self, *path: str) -> str | Expression | None:
        """The ARN of the KMS key of the log that the resource at `path` writes: by default, its own."""
        settings, written = self.data, self.written
        for key in path:
            settings, written = settings[key], written.get(key, {})
        if named := settings.get("log_kms_key"):
            at: Path = path if "log_kms_key" in written else ("defaults", "function")
            return self.key_arn(named) if self.has("keys", named, (*at, "log_kms_key")) else None
        return self.kms_key(*path) if len(path) == 2 else self.encryption_key

    def key_arn(self, key: str) -> str | Expression:
        """The ARN of one of the spec's KMS keys, which AWS alone knows of an alias."""
        already = self.existing("keys", key)
        return already.known_arn if already else self.attribute("keys", key, "arn")

    def name(self, key: str) -> str:
        """The name on AWS of the resource `key`."""
        return f"{key}-{self.suffix}"

    def common(self, key: str, path: Path) -> dict[str, Any]:
        """The arguments of every resource, for one whose name is its key and the suffix."""
        return {"key": key, "name": self.name(key), "label": label(key), "path": path}

    def name_of(self, section: str, key: str) -> str:
        """The name on AWS of a resource: the one that it is given, or else its first key makes it."""
        given, ending = self.given(section, key), self.ending(section, key)
        own = self.filled(given).removesuffix(ending) if given else self.name(self.keys(section, key)[0])
        return self.existing_name(section, key) or own + ending

    def given(self, section: str, key: str) -> str:
        """The name that the spec gives a resource, with its placeholders; empty if it gives none."""
        return str(self.data[section][key].get("name", ""))

    def ending(self, section: str, key: str) -> str:
        """What AWS wants the names to end in of what is first-in-first-out."""
        return ".fifo" if self.data[section][key].get("fifo") else ""

    def existing_name(self, section: str, key: str) -> str:
        """The name on AWS of a resource that exists already; empty for one of the pipeline's own."""
        written = self.data[section][key].get("existing")
        return outside_name(self.filled(written), self.forms[section]) if written else ""

    def full_name(self, section: str, key: str) -> str | Joined:
        """The name on AWS of a resource, with the account's id where that is a part of it."""
        full = self.forms[section].full if section in self.forms else None
        if full is None or self.existing_name(section, key):
            return self.name_of(section, key)
        return full(self, key)

    def filled(self, text: str) -> str:
        """A text of the spec with suffix, region and pipeline filled in."""
        text = text.replace("{suffix}", self.suffix).replace("{region}", self.region)
        return text.replace("{pipeline}", str(self.data["pipeline"]))

    def with_account(self, text: str) -> str | Joined:
        """A text of the spec with the account's id filled in, too."""
        first, *rest = self.filled(text).split("{account}")
        filled = joined(first)
        for part in rest:
            filled = joined(filled, ACCOUNT, part)
        return filled if rest else first

    def existing(self, section: str, key: str) -> Outside | None:
        """A resource that exists already; None for one of the pipeline's own."""
        written = self.data[section][key].get("existing")
        if written is None:
            return None
        form, noun = self.forms[section], self.references.nouns[section]
        common, own = self.common(key, (section, key)), form.own(self, key)
        common |= {"label": Label(f"{label(key)}{form.ending}")}
        return outside(form, section, noun, common, self.filled(written), own, read=form.read(self, key))

    def arn(self, section: str, key: str) -> Joined:
        """The ARN of a resource, known at plan time, whether it exists already or not."""
        already = self.existing(section, key)
        return already.arn if already else self.forms[section].own(self, key)

    def attribute(self, section: str, key: str, name: str) -> str | Expression:
        """An attribute of a resource as Terraform calls it, whether it exists already or not."""
        already = self.existing(section, key)
        address = self.forms[section].address
        return already.attribute(name) if already else Reference(f"{address}.{label(key)}.{name}")

    def keys(self, section: str, key: str) -> tuple[str, ...]:
        """The keys that a resource has had, oldest first, with the one of today."""
        return (*self.data[section][key].get("renamed_from", ()), key)

    def named(self, key: str, path: Path) -> dict[str, Any]:
        """The arguments of a resource that the spec may give a name."""
        section = str(path[0])
        own = {"name": self.name_of(section, key), "given": self.given(section, key)}
        return self.common(key, path) | own | {"tags": self.data[section][key].get("tags")}

    def renamable(self, key: str, path: Path) -> dict[str, Any]:
        """The arguments of a resource that keeps its name on AWS under another key."""
        former = tuple(label(one) for one in self.keys(str(path[0]), key)[:-1])
        return self.named(key, path) | {"former": former}

    def place(self, path: Path) -> Path:
        """Where the spec has the value at a path: there, or in the defaults of its kind."""
        return written_at(self.written, path, schema()) or path

    def entries(self, section: str) -> Iterator[tuple[str, Mapping[str, Any], Path]]:
        """Key, settings and path of each resource of a section, without those that exist already."""
        for key, settings in self.data[section].items():
            if "existing" not in settings:
                yield key, settings, (section, key)

    def functions(self) -> Iterator[Mapping[str, Any]]:
        """The settings of each function."""
        yield from self.data["functions"].values()

    def has(self, section: str, key: str, path: Path) -> bool:
        """Whether `key` can be referred to; a problem at `path` if it is not declared."""
        return self.references.has(section, key, path)


def label(key: str) -> Label:
    """The Terraform name of a key. Keys have no underscores, so no two share one."""
    return Label(key.replace("-", "_"))
