"""Rectangles and points of a picture, in whole pixels from its top left corner."""

from dataclasses import dataclass

Point = tuple[int, int]


@dataclass(frozen=True)
class Box:
    """A rectangle by its top left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Its lower side."""
        return self.y + self.height

    @property
    def middle(self) -> int:
        """The height of its middle."""
        return self.y + self.height // 2

    def overlaps(self, other: "Box") -> bool:
        """Whether the two have an area in common."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def moved(self, x: int, y: int) -> "Box":
        """The box, so much further to the right and below."""
        return Box(self.x + x, self.y + y, self.width, self.height)


def around(inner: list[Box], margin: int, above: int) -> Box:
    """The frame around boxes, with a margin, and another one above them."""
    x, y = min(box.x for box in inner) - margin, min(box.y for box in inner) - above
    right, bottom = max(box.right for box in inner) + margin, max(box.bottom for box in inner) + margin
    return Box(x, y, right - x, bottom - y)
