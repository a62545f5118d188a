"""A CloudWatch alarm, and the maker of the alarms of all kinds."""

from collections.abc import Mapping
from dataclasses import dataclass

from iotgen.model.context import Context, label
from iotgen.model.expression import Expression
from iotgen.model.pipeline import Named
from iotgen.model.resource import Resource
from iotgen.problem import Path

PERIOD = 300
AT_LEAST, BELOW = ">=", "<"
NOT_BREACHING, BREACHING = "not_breaching", "breaching"


@dataclass(frozen=True)
class LogLines:
    """The lines of a log group that match a pattern."""

    group: str | Expression
    pattern: str


@dataclass(frozen=True, kw_only=True)
class Alarm(Resource):
    """A CloudWatch alarm that fires after `periods` periods of `period` seconds.

    `comparison` (such as >=) is of the statistic with the threshold, `missing_data` what a period without
    data means. `log` are the lines that its metric counts, if iotgen makes the metric. `topic` is the name of
    the topic that it notifies, `topic_arn` its ARN, and `topic_path` its path in the spec. `watches` is the
    path of the resource that it watches.
    """

    description: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str | Expression]
    statistic: str
    threshold: float
    period: int
    topic: str | None
    topic_arn: Expression | None
    topic_path: Path | None
    watches: Path
    periods: int = 1
    comparison: str = AT_LEAST
    missing_data: str = NOT_BREACHING
    log: LogLines | None = None

    @property
    def below(self) -> bool:
        """Whether it fires under the threshold, and also if there are no data."""
        return self.comparison == BELOW and self.missing_data == BREACHING


@dataclass(frozen=True)
class AlarmMaker:
    """Makes alarms that all notify the same topic, `notify`, if any."""

    context: Context
    notify: Named | None

    def __call__(
        self,
        *,
        key: str,
        path: Path,
        description: str,
        metric: str,
        dimensions: Mapping[str, str | Expression],
        threshold: float,
        watches: Path | None = None,
        statistic: str = "Sum",
        period: int = PERIOD,
        periods: int = 1,
        below: bool = False,
        comparison: str = AT_LEAST,
        missing_data: str = NOT_BREACHING,
        log: LogLines | None = None,
    ) -> Alarm:
        """An alarm; `metric` is `Namespace:MetricName`.

        It fires after `periods` periods in a row, by default at the threshold or above it. With `below` it
        fires under the threshold, and also if there are no data. It watches the resource at `path`, or
        `watches`.
        """
        namespace, _, name = metric.partition(":")  # the name may have colons of its own
        return Alarm(
            key=key,
            name=self.context.name(key),
            label=label(key),
            path=path,
            description=description,
            namespace=namespace,
            metric=name,
            dimensions=dimensions,
            statistic=statistic,
            threshold=threshold,
            period=period,
            topic=self.context.name_of(*self.notify) if self.notify else None,
            topic_arn=self.context.arn(*self.notify) if self.notify else None,
            topic_path=self.notify,
            watches=watches or path,
            periods=periods,
            comparison=BELOW if below else comparison,
            missing_data=BREACHING if below else missing_data,
            log=log,
        )
