"""Where labels stand beside their points: never over each other, always the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

NEAR, STEP, DIRECTIONS = 11.0, 7.0, 16


@dataclass(frozen=True)
class Box:
    """A rectangle: its left upper corner, its width and its height."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Return whether the two share some area."""
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height

    def holds(self, other: Box) -> bool:
        """Return whether the other lies wholly inside."""
        across = self.x <= other.x and other.x + other.width <= self.x + self.width
        return across and self.y <= other.y and other.y + other.height <= self.y + self.height


def around(x: float, y: float, reach: float) -> Box:
    """Return the square around a point."""
    return Box(x - reach, y - reach, 2 * reach, 2 * reach)


def placed(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    frame: Box,
    taken: Sequence[Box] = (),
    quiet: Sequence[Box] = (),
) -> list[Box | None]:
    """Return a box for each point's label: inside the frame, over no other label and no `taken`.

    `sizes`: width and height of each label; `quiet`: what had better not be covered. The
    nearest place wins, to the right first. None where the frame has no room at all.
    """
    found: list[Box | None] = []
    barred = list(taken)
    for point, size in zip(points, sizes, strict=True):
        free = [box for box in _around(point, size, frame) if not _any(box, barred)]
        near = free[: 2 * DIRECTIONS]
        best = min(near, key=lambda box: sum(map(box.meets, quiet)), default=None)
        found.append(best)
        barred += [best] if best else []
    return found


def _around(point: tuple[float, float], size: tuple[float, float], frame: Box) -> list[Box]:
    """Return the boxes inside the frame on rings around a point, the nearest first."""
    rings = math.ceil((frame.width + frame.height) / STEP)
    boxes = (
        _beside(point, size, NEAR + STEP * ring, math.tau * turn / DIRECTIONS)
        for ring in range(rings)
        for turn in range(DIRECTIONS)
    )
    return [box for box in boxes if frame.holds(box)]


def _beside(
    point: tuple[float, float], size: tuple[float, float], distance: float, angle: float
) -> Box:
    """Return the box whose nearest edge lies at this distance and angle from the point."""
    (x, y), (width, height) = point, size
    dx, dy = math.cos(angle), math.sin(angle)
    middle_x, middle_y = x + dx * (distance + width / 2), y + dy * (distance + height / 2)
    return Box(round(middle_x - width / 2, 1), round(middle_y - height / 2, 1), width, height)


def _any(box: Box, others: Sequence[Box]) -> bool:
    return any(map(box.meets, others))
