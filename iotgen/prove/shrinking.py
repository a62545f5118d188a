"""A shorter history that breaks the same law: choices become harmless, as long as it still fails."""

from collections.abc import Sequence

from iotgen.prove.history import History, Simulator

# Histories that are tried at most to make one shorter.
_ATTEMPTS = 1500


def shortest(simulator: Simulator, seed: int) -> History:
    """The shortest history found that breaks a law as that of `seed` does, told."""
    first = simulator.history(seed)
    if not first.broken:
        return simulator.history(seed, told=True)
    search = _Search(simulator, first)
    search.cut()
    size = max(1, len(search.choices) // 2)
    while size and search.left:
        if not search.sweep(size):
            size //= 2
    return simulator.history(seed, search.choices, told=True)


class _Search:
    def __init__(self, simulator: Simulator, first: History) -> None:
        self._simulator, self._seed = simulator, first.seed
        self._kind = _kind(first.broken)
        self.choices: Sequence[int] = first.choices
        self.left = _ATTEMPTS

    def cut(self) -> None:
        """Drop the end: whatever is not given is harmless."""
        low, high = 0, len(self.choices)
        while low < high and self.left:
            middle = (low + high) // 2
            if self._fails(self.choices[:middle]):
                high = middle
            else:
                low = middle + 1
        self.choices = self.choices[:high]

    def sweep(self, size: int) -> bool:
        """Make stretches of so many choices harmless; whether any could be."""
        better = False
        for start in range(0, len(self.choices), size):
            part = self.choices[start : start + size]
            if any(part) and self.left:
                tried = [*self.choices[:start], *[0] * len(part), *self.choices[start + size :]]
                if self._fails(tried):
                    self.choices, better = tried, True
        return better

    def _fails(self, choices: Sequence[int]) -> bool:
        self.left -= 1
        return self._kind in map(_word, self._simulator.history(self._seed, choices).broken)


def _kind(broken: Sequence[str]) -> str:
    return _word(broken[0])


def _word(law: str) -> str:
    """A law without its marks and numbers."""
    return " ".join(part for part in law.split() if not any(map(str.isdigit, part)))
