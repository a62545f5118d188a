"""Chance: every choice that a history leaves open, from one seed; or from choices that were taken before."""

from collections.abc import Sequence
from random import Random


class Chance:
    """The choices of one history, in order. A choice is a number, and 0 is always the harmless one.

    With `given` the choices are taken from there, and all that follow are harmless: so a history is told
    again, and made shorter.
    """

    def __init__(self, seed: int, given: Sequence[int] | None = None) -> None:
        self.taken: list[int] = []
        self._given = given
        self._random = Random(seed).random  # noqa: S311 - it must be foreseen

    def below(self, bound: int) -> int:
        """A number from 0 to `bound` - 1, each as likely as the others."""
        value = int(self._random() * bound) if self._given is None else min(self._next(), bound - 1)
        self.taken.append(value)
        return value

    def happens(self, probability: float) -> bool:
        """Whether something happens; the harmless choice is that it does not."""
        if probability <= 0:
            return False
        happens = self._random() < probability if self._given is None else self._next() > 0
        self.taken.append(1 if happens else 0)
        return happens

    def fraction(self) -> float:
        """A number from 0 to 1, for code that asks for chance itself."""
        return self.below(1 << 20) / (1 << 20)

    def _next(self) -> int:
        given, at = self._given or (), len(self.taken)
        return given[at] if at < len(given) else 0
