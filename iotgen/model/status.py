"""What is shown of a deployed resource: CloudWatch's metrics, and what AWS answers at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from iotgen.model.contents import Clients
from iotgen.model.expression import Expression
from iotgen.model.resource import R

# A count is a whole number; a time is shown as how long ago it was.
Value = float | str | datetime


class MissingError(Exception):
    """A resource is not there, and AWS has no error for it."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric of CloudWatch in a `column`; `title` is that of its graph, `of` is `Namespace:MetricName`.

    Of `statistic`, Sum is added up over the time that is shown; Maximum is the latest; of a percentile the
    worst. A `bad` one should be zero. One that is `answered` is a fact too, which is more recent: only graphs
    take it from CloudWatch.
    """

    column: str
    title: str
    of: str
    dimensions: Mapping[str, str | Expression]
    statistic: str = "Sum"
    bad: bool = False
    answered: bool = False


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A value in a `column`, or beside them if there is none of that name; a `bad` one should be zero."""

    column: str
    value: Value
    bad: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Status(Generic[R]):
    """What is shown of a kind: `columns` in their order, and where their values come from.

    `facts` asks AWS, in a few calls; it raises what boto3 does. That the resource is not there is an error of
    boto3's, or a MissingError.
    """

    columns: tuple[str, ...]
    metrics: Callable[[R], Iterable[Metric]]
    facts: Callable[[Clients, R], Iterable[Fact]]
