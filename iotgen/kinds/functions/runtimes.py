"""The Python runtimes of Lambda that a spec can name, and the end of support of each.

A spec can name a runtime once every AWS provider that a rendered folder allows accepts it: the provider
validates runtimes against a list of its own. `schema.json` has that list, and an explanation for the others.
"""

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
}

# The first provider that accepts a runtime, for those that the oldest one may lack.
# https://github.com/hashicorp/terraform-provider-aws/pull/45024
FIRST_PROVIDER = {"python3.14": (6, 20)}

LONGEST_SUPPORTED = max(OFFERED, key=lambda runtime: (END_OF_SUPPORT[runtime], runtime))
