"""A CloudWatch alarm, and the maker of the alarms of all kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from iotgen.model.context import Context, label
from iotgen.model.expression import Expression
from iotgen.model.resource import Resource
from iotgen.problem import Path

PERIOD = 300
AT_LEAST, BELOW = ">=", "<"
NOT_BREACHING, BREACHING = "not_breaching", "breaching"


@dataclass(frozen=True)
class LogLines:
    """The lines of a log group that match a pattern, counted apart by the fields of `dimensions`, if any."""

    group: str | Expression
    pattern: str
    dimensions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A metric that an alarm looks at, at `path` in the spec; `id` is its name in the alarm's expression."""

    id: str = ""
    namespace: str
    metric: str
    dimensions: Mapping[str, str | Expression]
    statistic: str
    path: Path


@dataclass(frozen=True)
class Receiver:
    """A topic that an alarm notifies: its name on AWS, its ARN and its path in the spec."""

    name: str
    arn: Expression
    path: Path


@dataclass(frozen=True, kw_only=True)
class Alarm(Resource):
    """A CloudWatch alarm that fires after `datapoints` of `periods` periods of `period` seconds.

    `comparison` (such as >=) is of the statistic with the threshold, `missing_data` what a period without
    data means. `log` are the lines that its metric counts, if iotgen makes the metric. `notify` are the
    topics that it notifies, and `on_ok` those that it notifies once it is over. `watches` is the path of the
    resource that it watches. A `silent` one notifies nobody by its nature. `on_unknown` are the topics that
    it notifies when it has too few data.
    """

    description: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str | Expression]
    statistic: str
    threshold: float
    period: int
    notify: tuple[Receiver, ...]
    on_ok: tuple[Receiver, ...]
    watches: Path
    periods: int = 1
    datapoints: int = 1
    comparison: str = AT_LEAST
    missing_data: str = NOT_BREACHING
    log: LogLines | None = None
    silent: bool = False
    expression: str = ""
    parts: tuple[Part, ...] = ()
    on_unknown: tuple[Receiver, ...] = ()

    @property
    def receivers(self) -> tuple[Receiver, ...]:
        """All topics that it notifies, of whatever."""
        return (*self.notify, *self.on_ok, *self.on_unknown)

    @property
    def measured(self) -> tuple[Part, ...]:
        """The metrics that it looks at."""
        own = Part(
            namespace=self.namespace,
            metric=self.metric,
            dimensions=self.dimensions,
            statistic=self.statistic,
            path=self.path,
        )
        return self.parts or (own,)

    @property
    def below(self) -> bool:
        """Whether it fires under the threshold, and also if there are no data."""
        return self.comparison == BELOW and self.missing_data == BREACHING


@dataclass(frozen=True)
class AlarmMaker:
    """Makes alarms that notify the topics `notify`, and `on_ok` once they are over: None for the same.

    `on_unknown` are those that are notified of too few data.
    """

    context: Context
    notify: tuple[Receiver, ...]
    on_ok: tuple[Receiver, ...] | None
    on_unknown: tuple[Receiver, ...] = ()

    def with_own(self, settings: Any, path: Path) -> "AlarmMaker":
        """The maker of alarms for settings at `path` that may name topics of their own."""
        if not isinstance(settings, Mapping) or not {"notify", "on_ok", "on_unknown"} & settings.keys():
            return self
        notify = _receivers(self.context, settings.get("notify"), (*path, "notify"))
        on_ok = _receivers(self.context, settings.get("on_ok"), (*path, "on_ok"))
        return AlarmMaker(
            self.context,
            self.notify if notify is None else notify,
            self.on_ok if on_ok is None else on_ok,
            _receivers(self.context, settings.get("on_unknown"), (*path, "on_unknown")) or (),
        )

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
        datapoints: int | None = None,
        below: bool = False,
        comparison: str = AT_LEAST,
        missing_data: str = NOT_BREACHING,
        log: LogLines | None = None,
        silent: bool = False,
        expression: str = "",
        parts: tuple[Part, ...] = (),
    ) -> Alarm:
        """An alarm; `metric` is `Namespace:MetricName`, empty with an `expression` of `parts`.

        It fires after `periods` periods in a row, or `datapoints` of them, by default at the threshold or
        above it. With `below` it fires under the threshold, and also if there are no data. It watches the
        resource at `path`, or `watches`.
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
            notify=() if silent else self.notify,
            on_ok=() if silent else self.notify if self.on_ok is None else self.on_ok,
            on_unknown=self.on_unknown,
            watches=watches or path,
            periods=periods,
            datapoints=datapoints or periods,
            comparison=BELOW if below else comparison,
            missing_data=BREACHING if below else missing_data,
            log=log,
            silent=silent,
            expression=expression,
            parts=parts,
        )


def _receivers(context: Context, written: Any, path: Path) -> tuple[Receiver, ...] | None:
    """The topics of a setting that names one or several, or none by false; None without the setting."""
    if written is None:
        return None
    keys = written if isinstance(written, list) else [written] if written else []
    places = ((key, (*path, index) if isinstance(written, list) else path) for index, key in enumerate(keys))
    return tuple(
        Receiver(context.name_of("topics", key), context.arn("topics", key), ("topics", key))
        for key, place in places
        if context.has("topics", key, place)
    )
