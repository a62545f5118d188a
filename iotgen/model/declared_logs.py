"""The log group that a spec names: one of its own section, or one that is made elsewhere."""

from iotgen.model.context import Context, label
from iotgen.model.expression import Expression, Label, Reference

SECTION = "log_groups"
ADDRESS = "aws_cloudwatch_log_group"


def log_label(key: str) -> Label:
    """The Terraform name of a declared log group: functions have theirs by their own key."""
    return Label(f"{label(key)}__log")


def declared(context: Context, written: str) -> str | None:
    """The key of the declared log group that is written, by its key or its name; None for another."""
    groups = context.data[SECTION]
    name = context.filled(written)
    return written if written in groups else next((k for k in groups if _name(context, k) == name), None)


def log_group(context: Context, written: str) -> tuple[str, str | Expression]:
    """The name of a log group, and what stands for it in Terraform: one that is declared is made first."""
    key = declared(context, written)
    if key is None:
        name = context.filled(written)
        return name, name
    return _name(context, key), Reference(f"{ADDRESS}.{log_label(key)}.name")


def _name(context: Context, key: str) -> str:
    return context.name_of(SECTION, key)
