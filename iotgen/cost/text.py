"""A bill as lines for people, within 80 columns."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from iotgen.cost.bill import Bill
from iotgen.cost.levers import Saving
from iotgen.cost.load import Load
from iotgen.cost.prices import PriceList
from iotgen.cost.traffic import Basis
from iotgen.model.cost import DAYS
from iotgen.visible import visible

_NAME = 26
_SECONDS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
_MOST_SAVINGS = 6

Sums = Sequence[tuple[str, float]]


def bill_lines(bill: Bill, load: Load, prices: PriceList, region: str) -> Iterator[str]:
    """The bill by path and by service."""
    yield f"{bill.usd:,.2f} USD a month, {bill.stored:,.2f} of it for {_stored(bill, load)}"
    yield ""
    yield from _beside(
        "by path", bill.by(lambda line: line.group), "by service", bill.by(lambda line: line.service)
    )
    if region != prices.region:
        yield ""
        yield f"Prices are those of {prices.region}; {region} has others. See `--prices`."


def _stored(bill: Bill, load: Load) -> str:
    kept = "kept for ever" if bill.retention is None else f"kept for {bill.retention} days"
    return f"storage after {load.days} days, readings {kept}"


def _beside(left: str, first: Sums, right: str, second: Sums) -> Iterator[str]:
    yield f"{left:<{_NAME + 10}}  {right}"
    for one, other in zip_longest(first, second):
        yield f"{_sum(one):<{_NAME + 10}}  {_sum(other)}".rstrip()


def _sum(named: tuple[str, float] | None) -> str:
    if named is None:
        return ""
    name = visible(named[0])
    cut = name if len(name) <= _NAME - 2 else f"{name[: _NAME - 5]}..."
    return f"  {cut:<{_NAME - 2}}{named[1]:>10,.2f}"


def load_text(load: Load) -> str:
    """The load in a few words."""
    many = f"{load.devices:,} devices, each" if load.devices > 1 else "a device,"
    return f"{many} every {load.every:g} s"


def saving_lines(savings: Sequence[Saving]) -> Iterator[str]:
    """What would save most."""
    yield "what would save, each by itself"
    for saving in savings[:_MOST_SAVINGS]:
        yield f"  {saving.change:<{_NAME + 16}}{-saving.usd:>10,.2f}"


def assumption_lines(bill: Bill, load: Load, prices: PriceList) -> Iterator[str]:
    """What the numbers rest on."""
    yield "assumed"
    batch = f"{load.batch} in a request" if load.batch > 1 else "one in a request"
    yield f"  {load.devices:,} devices, a reading every {_every(load.every)}, {batch}"
    yield f"  {load.reading_bytes:,} bytes of JSON in a reading, of which 1 in 333 crosses its threshold"
    if any(line.item == "iot.minutes" for line in bill.lines):
        yield "  devices that are connected all the time"
    if any(line.path.startswith("GET ") for line in bill.lines):
        yield f"  {load.queries:,.0f} queries a day, for {load.page} readings each"
    for basis in Basis:
        functions = [key for key, of in bill.bases if of is basis]
        if functions:
            yield f"  {basis}: the calls of {visible(', '.join(functions))}"
    yield f"  prices of {prices.region} on {prices.date}, a month of {DAYS} days, nothing fails"


def difference_lines(before: Bill, after: Bill, labels: tuple[str, str]) -> Iterator[str]:
    """Two bills by path and by service, side by side."""
    yield f"{'':<{_NAME}}{_head(labels[0])}{_head(labels[1])}{_head('change')}"
    yield from _differences("by path", before.by(lambda line: line.group), after.by(lambda line: line.group))
    yield from _differences(
        "by service", before.by(lambda line: line.service), after.by(lambda line: line.service)
    )
    yield _difference("USD a month", before.usd, after.usd)


def _differences(title: str, before: Sums, after: Sums) -> Iterator[str]:
    old, new = dict(before), dict(after)
    yield title
    for name in sorted(old.keys() | new.keys(), key=lambda name: (-new.get(name, 0), name)):
        yield _difference(f"  {visible(name)}", old.get(name, 0), new.get(name, 0))


def _difference(name: str, old: float, new: float) -> str:
    change = f"{new - old:+,.2f}" if abs(new - old) >= 0.005 else ""
    return f"{name[:_NAME]:<{_NAME}}{old:>14,.2f}{new:>14,.2f}{change:>14}".rstrip()


def _head(label: str) -> str:
    return f"{visible(label)[:13]:>14}"


def _every(seconds: float) -> str:
    for unit, name in _SECONDS:
        if seconds >= unit and seconds % unit == 0:
            count = seconds / unit
            return f"{count:g} {name}s" if count != 1 else name
    return f"{seconds:g} seconds" if seconds != 1 else "second"
