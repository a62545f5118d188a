"""Invisible characters that make a line of a spec look different from what it is.

https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
"""

from collections.abc import Iterator

from iotgen.problem import Problem, Severity
from iotgen.visible import BIDIRECTIONAL, visible


def direction_problems(text: str, file: str) -> Iterator[Problem]:
    """The first such character of each line."""
    for number, line in enumerate(text.splitlines(), start=1):
        if match := BIDIRECTIONAL.search(line):
            message = (
                f"the invisible character U+{ord(match[0]):04X} changes the order in which this line is shown"
            )
            hint = f"Remove it, or write it as `{visible(match[0])}` in double quotes."
            yield Problem(file, number, match.start() + 1, "IOT009", message, Severity.WARNING, hint=hint)
