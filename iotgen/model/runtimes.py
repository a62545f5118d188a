"""The runtimes of Lambda that a spec can name, and the end of support of each.

`schema.json` has the list, and an explanation for the others. The AWS provider validates runtimes against a
list of its own: where the oldest one that is allowed lacks a runtime, a folder that uses it asks for a later
one.
"""

import re
from datetime import date

from iotgen.spec.schema import schema

OFFERED: tuple[str, ...] = tuple(schema()["$defs"]["runtime"]["enum"])

# From the table of supported runtimes, https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html.
# AWS blocks creating and updating functions some months later, and moves these dates.
END_OF_SUPPORT = {
    "python3.10": date(2026, 10, 31),
    "python3.11": date(2027, 6, 30),
    "python3.12": date(2028, 10, 31),
    "python3.13": date(2029, 6, 30),
    "python3.14": date(2029, 6, 30),
    "nodejs20.x": date(2026, 4, 30),
    "nodejs22.x": date(2027, 4, 30),
    "nodejs24.x": date(2028, 4, 30),
    "java8.al2": date(2027, 6, 30),
    "java11": date(2027, 6, 30),
    "java17": date(2027, 6, 30),
    "java21": date(2029, 6, 30),
    "java25": date(2029, 6, 30),
    "dotnet8": date(2026, 11, 10),
    "ruby3.2": date(2026, 3, 31),
    "ruby3.3": date(2027, 3, 31),
    "ruby3.4": date(2028, 3, 31),
    "provided.al2": date(2026, 7, 31),
    "provided.al2023": date(2029, 6, 30),
}

# The first provider that accepts a runtime, for those that the oldest one may lack.
# https://github.com/hashicorp/terraform-provider-aws/pull/45024
FIRST_PROVIDER = {"python3.14": (6, 20), "nodejs24.x": (6, 20), "java25": (6, 20)}

PYTHON, NODE, OWN = "python", "nodejs", "provided"


def language(runtime: str) -> str:
    """The language of a runtime, `provided` for one that brings its own."""
    word = re.match(r"[a-z]*", runtime)
    return word[0] if word else ""


def later_runtime(runtime: str) -> str | None:
    """The runtime of the same language that AWS supports longest, None if none longer than this.

    Of several, it is one that every provider accepts, if there is one.
    """
    longer = [
        name
        for name in OFFERED
        if language(name) == language(runtime) and END_OF_SUPPORT[name] > END_OF_SUPPORT[runtime]
    ]
    return max(
        longer, key=lambda name: (END_OF_SUPPORT[name], name not in FIRST_PROVIDER, name), default=None
    )


def advice(runtime: str) -> str:
    """What to do before AWS ends its support for a runtime, or after."""
    later = later_runtime(runtime)
    if later:
        return f"Move to a later runtime, such as {later}, which AWS supports until {END_OF_SUPPORT[later]}."
    return (
        "Set a later runtime with an override, once your AWS provider accepts one: "
        f"{runtime} is the latest of its language that a spec can name."
    )
