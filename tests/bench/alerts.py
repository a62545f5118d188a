"""`scripts/bench alerts`: a heat wave at the processor, on a virtual clock with 10 ms for each AWS call.

The same readings are sent twice, all below their limit and all above it, by each way that leads to the
processor. Exit code 1 when a limit is broken.
"""

import sys

from tests.bench import storms
from tests.bench.storms import Result
from tests.bench.tables import Row, limit_lines, lines


def main() -> int:
    """Run each way, print, and give the exit code."""
    pairs: list[tuple[str, Result, Result]] = []
    for name, (way, number) in storms.WAYS.items():
        print(f"==> {number:,} readings, {name}", file=sys.stderr)
        pairs.append((name, storms.run(way, number, hot=False), storms.run(way, number, hot=True)))
    held = [limit for name, cold, hot in pairs for limit in storms.limits(name, cold, hot)]
    print("All readings above their limit")
    print("\n".join(lines(_rows(pairs))), end="\n\n")
    print("\n".join(limit_lines(held)))
    return 0 if all(limit.holds for limit in held) else 1


def _rows(pairs: list[tuple[str, Result, Result]]) -> list[Row]:
    return [
        ("", [name for name, _, _ in pairs]),
        ("rows", [f"{hot.rows:,}" for _, _, hot in pairs]),
        ("seconds until all are stored", [f"{hot.seconds:.2f}" for _, _, hot in pairs]),
        ("the same without crossings", [f"{cold.seconds:.2f}" for _, cold, _ in pairs]),
        ("notifications", [str(hot.notifications) for _, _, hot in pairs]),
        ("most in any second", [str(hot.most_a_second) for _, _, hot in pairs]),
        ("devices told of or listed", [f"{hot.readings - hot.missing:,}" for _, _, hot in pairs]),
        ("dead letters", [str(hot.dead_letters) for _, _, hot in pairs]),
    ]


if __name__ == "__main__":
    sys.exit(main())
