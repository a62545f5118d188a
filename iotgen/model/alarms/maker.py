"""What all alarms have in common: the topic that they notify, and what the most of them compare."""

from collections.abc import Mapping

from iotgen.model.context import Context, label
from iotgen.model.expression import Expression
from iotgen.model.pipeline import Alarm, Path

PERIOD = 300


class AlarmMaker:
    """Makes alarms that all notify the same topic."""

    def __init__(self, context: Context, notify: str | None) -> None:
        self._context = context
        known = notify is not None and context.has("topics", notify, ("alarms", "notify"))
        self._topic = context.name(notify) if notify is not None and known else None

    def __call__(
        self,
        key: str,
        path: Path,
        description: str,
        metric: str,
        dimensions: Mapping[str, str | Expression],
        threshold: float,
        statistic: str = "Sum",
        *,
        period: int = PERIOD,
        periods: int = 1,
        below: bool = False,
    ) -> Alarm:
        """An alarm; `metric` is `Namespace:MetricName`.

        It fires after `periods` periods in a row at the threshold or above it. With `below` it fires under
        the threshold, and also where there are no data.
        """
        namespace, _, name = metric.partition(":")  # the name may have colons of its own
        return Alarm(
            key,
            self._context.name(key),
            label(key),
            path,
            description,
            namespace,
            name,
            dimensions,
            statistic,
            threshold,
            period,
            self._topic,
            periods=periods,
            below=below,
        )
