"""Commands on secrets: set, list. A value comes from a prompt or standard input, and goes to AWS only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.console import print_json
from iotgen.cli.environment import applying, opened
from iotgen.cli.words import Group
from iotgen.errors import IotgenError
from iotgen.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iotgen.cli.environment import Environment
    from iotgen.kinds.parameters import Parameter
    from iotgen.kinds.secrets import Secret as Managed
    from iotgen.operate.secrets import Secret

# What the handlers of the reference pipelines do; others read a parameter when their code does.
_CACHED = "handlers of the reference pipelines read it again within five minutes"


@click.group(cls=Group)
def secret() -> None:
    """Set and list the values of secure parameters and secrets."""


@secret.command("set")
@click.argument("key")
@options.environment
@options.results()
def set_(key: str, form: str, **given: Any) -> None:
    """Set the value of the secure parameter, or the secret, KEY.

    On a terminal it is asked for twice, without echo. Elsewhere it is standard input, less one newline.
    """
    from iotgen.kinds.parameters import Parameter
    from iotgen.operate.secrets import find_secret, readers

    environment = opened(**given)
    found = find_secret(environment.pipeline, environment.checked.document, key)
    version: int | str
    if isinstance(found, Parameter):
        version = _set_parameter(environment, found, applying(given))
    else:
        version = _set_managed(environment, found, applying(given))
    read_by = readers(environment.pipeline, found)
    if form == "json":
        print_json({"key": key, "name": found.name, "version": version, "readers": list(read_by)})
        return
    click.echo(f"{key}: set as version {version} of {found.name}")
    if read_by:
        click.echo(f"read by {', '.join(read_by)}: {_CACHED}")


def _set_parameter(environment: Environment, parameter: Parameter, apply: str) -> int:
    from iotgen.operate import secrets

    ssm = environment.clients("ssm")
    writing = secrets.writing(ssm, parameter, apply)
    value = _value(parameter.key, writing.most_bytes)
    secrets.refuse_unfit(writing, value, environment.checked.sources.texts.get(parameter.schema or ""))
    return secrets.write(ssm, writing, value)


def _set_managed(environment: Environment, secret: Managed, apply: str) -> str:
    from iotgen.operate import managed_secrets as managed

    client = environment.clients("secretsmanager")
    managed.refuse_missing(client, secret, apply)
    value = _value(secret.key, managed.MOST_BYTES)
    managed.refuse_unfit_secret(secret, value)
    return managed.write_secret(client, secret, value)


@secret.command("list")
@options.environment
@options.results()
def list_(form: str, **given: Any) -> None:
    """List the secure parameters and secrets: which are set, when and by whom.

    Values are never shown.
    """
    environment = opened(**given)
    found = tuple(_all_secrets(environment))
    if form == "json":
        print_json([_as_json(secret) for secret in found])
        return
    if not found:
        click.echo("The spec has no secure parameters and no secrets.")
    width = max((len(secret.key) for secret in found), default=0)
    for secret in found:
        click.echo(f"{secret.key:{width}}  {_state(secret, applying(given))}")
        click.echo(f"{'':{width}}  {secret.name} ({secret.place})")
        click.echo(f"{'':{width}}  read by {', '.join(secret.readers) or 'no function'}")


def _all_secrets(environment: Environment) -> Iterator[Secret]:
    from iotgen.kinds.secrets import Secret as Managed
    from iotgen.operate.managed_secrets import managed_secrets
    from iotgen.operate.secrets import secrets

    of = (environment.pipeline, environment.checked.document)
    yield from secrets(*of, environment.clients("ssm"))
    if environment.pipeline.all(Managed):
        yield from managed_secrets(*of, environment.clients("secretsmanager"))


def _state(secret: Secret, apply: str) -> str:
    stored = secret.stored
    if stored is None:
        return f"not deployed: `{apply}` creates it"
    version = f"version {stored.version}, " if stored.version else ""
    written = f"{version}{stored.changed:%Y-%m-%d %H:%M %Z}".rstrip()
    by = f" by {visible(stored.changed_by)}" if stored.changed_by else ""
    if stored.is_set is None:
        return f"{written}{by}; whether it is set is unknown: you may not decrypt it"
    return f"set: {written}{by}" if stored.is_set else f"not set: `iotgen secret set {secret.key}` sets it"


def _as_json(secret: Secret) -> dict[str, Any]:
    stored = secret.stored
    about = {
        "key": secret.key,
        "name": secret.name,
        "place": secret.place,
        "readers": list(secret.readers),
        "deployed": stored is not None,
    }
    if stored is None:
        return about
    return about | {
        "set": stored.is_set,
        "version": stored.version,
        "changed": stored.changed.isoformat(),
        "changed_by": stored.changed_by,
    }


def _value(key: str, most_bytes: int) -> str:
    """The secret, from the terminal or standard input; IotgenError where it is no text."""
    try:
        return _read(key, most_bytes).decode("utf-8")
    except UnicodeDecodeError:
        raise IotgenError(
            f"the value for `{key}` is not UTF-8", "Encode it, as Base64 for example."
        ) from None


def _read(key: str, most: int) -> bytes:
    """The value as bytes: at least one more than `most`, where it has more."""
    if sys.stdin.isatty():
        asked: str = click.prompt(f"value of {key}", hide_input=True, confirmation_prompt=True, err=True)
        return asked.encode("utf-8", "surrogateescape")
    read = sys.stdin.buffer.read(most + len("\r\n") + 1)
    return read.removesuffix(b"\r\n" if read.endswith(b"\r\n") else b"\n")


COMMANDS = (secret,)
