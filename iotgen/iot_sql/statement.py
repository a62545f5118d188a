"""What is known of a rule's SQL: what it selects, from which topics, and what is wrong with it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong in a text, at its character `at`, counted from 0."""

    at: int
    message: str
    hint: str


@dataclass(frozen=True)
class Level:
    """A use of `topic(n)`, which starts at the character `at`."""

    number: int
    at: int


@dataclass(frozen=True)
class Invocation:
    """A use of `aws_lambda` with the function in quotes, whose text starts at the character `at`."""

    function: str
    at: int


@dataclass(frozen=True, kw_only=True)
class Query:
    """A rule's SQL.

    `columns` are the names of what it selects, as far as they are known; with `whole`, all of the message
    is among them, and all of each object in it whose path is in `nested`. With `bare`, the result is a value
    and not an object. `topic` is the topic filter, which starts at the character `topic_at`; None without a
    FROM. `decodes` is whether it takes messages that need not be JSON. `invocations` are its calls of Lambda
    functions. `names` are those of the functions and attributes that it uses, in lower case. `faults` are in
    the order of the text.
    """

    columns: tuple[str, ...] = ()
    whole: bool = False
    nested: tuple[tuple[str, ...], ...] = ()
    bare: bool = False
    decodes: bool = False
    topic: str | None = None
    topic_at: int = 0
    levels: tuple[Level, ...] = ()
    invocations: tuple[Invocation, ...] = ()
    names: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()
