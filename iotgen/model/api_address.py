"""The address of the API as a local value of Terraform's, which functions may have before the stage is there.

The stage waits for the functions behind it, so none of them can refer to the stage. The local AWS gives the
value its own address.
"""

from collections.abc import Mapping

from iotgen.model.context import Context, label
from iotgen.model.expression import Label, Reference


def api_key(context: Context) -> str:
    """The API's key."""
    key = context.data["api"].get("name", "")
    return f"{context.data['pipeline']}-api" if not key or given_name(context) else str(key)


def given_name(context: Context) -> str:
    """The name on AWS that the spec gives the API, with its placeholders; empty if its key makes it."""
    name = str(context.data["api"].get("name", ""))
    return name if "{" in name else ""


def api_label(context: Context) -> Label:
    """The Terraform name of the API."""
    return label(api_key(context))


def address_label(api: Label) -> Label:
    """The name of the local value."""
    return Label(f"{api}__address")


def written_address(api: Label) -> Reference:
    """The local value."""
    return Reference(f"local.{address_label(api)}")


def is_addressed(context: Context) -> bool:
    """Whether a function has the address in a variable, or an output that of a domain or a path after it."""
    environments = (function["environment"].values() for function in context.functions())
    in_variable = any(isinstance(one, Mapping) and "api" in one for own in environments for one in own)
    shown = [output for output in context.data["outputs"].values() if "api" in output]
    in_output = any("path" in output or "domain" in context.data["api"] for output in shown)
    return in_variable or in_output
