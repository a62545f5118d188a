"""The bill of a month: charges of every resource by the price list."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from iotgen.cost.load import Load
from iotgen.cost.measured import Measured
from iotgen.cost.prices import PriceList
from iotgen.cost.traffic import Basis, traffic
from iotgen.kinds import KINDS
from iotgen.model.cost import Charge, Scope
from iotgen.model.pipeline import Pipeline

STORAGE = "storage"


@dataclass(frozen=True)
class Line:
    """A quantity of one item for a resource and a path, and its USD; `kept` is what is stored by then."""

    section: str
    key: str
    path: str
    service: str
    item: str
    unit: str
    quantity: float
    usd: float
    kept: bool

    @property
    def group(self) -> str:
        """Its path in a table, where all storage is one line."""
        return STORAGE if self.kept else self.path


@dataclass(frozen=True)
class Bill:
    """A month's lines in a fixed order; `bases` is what each function's use is known from."""

    lines: tuple[Line, ...]
    bases: tuple[tuple[str, Basis], ...] = ()
    retention: int | None = None

    @property
    def usd(self) -> float:
        """The sum."""
        return sum(line.usd for line in self.lines)

    @property
    def stored(self) -> float:
        """What storage costs."""
        return sum(line.usd for line in self.lines if line.kept)

    def by(self, name: Callable[[Line], str]) -> tuple[tuple[str, float], ...]:
        """The sums by a name of each line, the largest first; those below a tenth of a cent are left out."""
        sums: dict[str, float] = {}
        for line in self.lines:
            sums[name(line)] = sums.get(name(line), 0.0) + line.usd
        ordered = sorted(sums.items(), key=lambda pair: (-round(pair[1], 6), pair[0]))
        return tuple((named, usd) for named, usd in ordered if usd >= _LEAST)


_LEAST = 0.001
_Charged = tuple[str, str, Charge]


def bill(
    pipeline: Pipeline,
    load: Load,
    measured: Measured,
    prices: PriceList,
    unchanged: frozenset[str] | None = None,
    *,
    free_tier: bool = False,
) -> Bill:
    """What the pipeline costs in a month under a load.

    `unchanged` are the functions whose code is what was measured, by default all. With `free_tier`, what AWS
    gives each account for nothing is left for this pipeline.
    """
    found = traffic(pipeline, load, measured, unchanged)
    scope = Scope(pipeline, load.days, found.retention)
    charged = [
        (kind.section, resource.key, charge)
        for kind in KINDS
        for resource in kind.of(pipeline)
        for charge in kind.costs.charges(resource, found.of(kind.section, resource.key), scope)
    ]
    lines = tuple(sorted(_lines(_merged(charged), prices, free_tier), key=_place))
    return Bill(lines, tuple(sorted(found.bases.items())), found.retention)


def of_resource(whole: Bill, section: str, key: str) -> Bill:
    """The part of a bill that one resource has."""
    return Bill(tuple(line for line in whole.lines if (line.section, line.key) == (section, key)))


def _merged(charged: Iterable[_Charged]) -> Iterator[_Charged]:
    """One charge for each resource, path and item."""
    sums: dict[tuple[str, str, str, str, bool], float] = {}
    for section, key, charge in charged:
        of = (section, key, charge.path, charge.item, charge.kept)
        sums[of] = sums.get(of, 0.0) + charge.quantity
    for (section, key, path, item, kept), quantity in sums.items():
        if quantity:
            yield section, key, Charge(item, quantity, path, kept)


def _lines(charged: Iterable[_Charged], prices: PriceList, free_tier: bool) -> Iterator[Line]:
    """Each charge at the average price of its item, since tiers are for the month's whole quantity."""
    every = list(charged)
    totals: dict[str, float] = {}
    for _, _, charge in every:
        totals[charge.item] = totals.get(charge.item, 0.0) + charge.quantity
    for section, key, charge in every:
        item, total = prices.items[charge.item], totals[charge.item]
        paid = max(0.0, total - item.free) if free_tier else total
        usd = item.price(paid) * charge.quantity / total
        yield Line(
            section,
            key,
            charge.path,
            item.service,
            charge.item,
            item.unit,
            charge.quantity,
            usd,
            charge.kept,
        )


def _place(line: Line) -> tuple[bool, str, str, str, str]:
    return line.kept, line.service, line.item, line.path, line.key
