"""The log group that a spec names: one of its own section, a function's, or one that is made elsewhere."""

from iotgen.model.context import Context, label
from iotgen.model.expression import Expression, Label, Reference
from iotgen.problem import Path

SECTION = "log_groups"
_FUNCTIONS = "functions"
# Functions have their log groups by their own keys.
ENDING = "__log"
ADDRESS = "aws_cloudwatch_log_group"


def log_label(key: str) -> Label:
    """The Terraform name of a declared log group."""
    return Label(f"{label(key)}{ENDING}")


def declared(context: Context, written: str) -> str | None:
    """The key of the declared log group that is written, by its key or its name; None for another."""
    groups = context.data[SECTION]
    name = context.filled(written)
    return written if written in groups else next((k for k in groups if _name(context, k) == name), None)


def function_log(context: Context, key: str) -> str:
    """The name of a function's own log group: the one that it is given, or else Lambda's."""
    given = context.data[_FUNCTIONS][key].get("log_group")
    return context.filled(given) if given else f"/aws/lambda/{context.name_of(_FUNCTIONS, key)}"


def function_log_group(key: str) -> Reference:
    """The name of a function's own log group as Terraform calls it."""
    return Reference(f"{ADDRESS}.{label(key)}.name")


def writer_of(context: Context, written: str) -> str | None:
    """The function whose log group is given the name that is written; None if there is none."""
    name, functions = context.filled(written), context.data[_FUNCTIONS]
    return next(
        (k for k in functions if "log_group" in functions[k] and function_log(context, k) == name), None
    )


def is_name(written: str) -> bool:
    """Whether it can only be a name: keys have neither slashes nor placeholders."""
    return "/" in written or "{" in written


def log_group(context: Context, written: str, path: Path) -> tuple[str, str | Expression] | None:
    """The name of a log group, and what stands for it in Terraform: one of the spec's is made first.

    None, with a problem at `path`, for a key that is not declared.
    """
    key = declared(context, written)
    if key is None and is_name(written):
        name, writer = context.filled(written), writer_of(context, written)
        return name, function_log_group(writer) if writer else name
    key = key or written
    if not context.has(SECTION, key, path):
        return None
    name = _name(context, key)
    return name, name if context.existing(SECTION, key) else Reference(f"{ADDRESS}.{log_label(key)}.name")


def _name(context: Context, key: str) -> str:
    return context.name_of(SECTION, key)
