"""How the time grows with the number of pairs, as one picture: both axes in powers of ten."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

NAME = "E2SFCA in full"
WIDE, TALL, LEFT, TOP = 720, 440, 80, 50
FROM_PAIRS, TO_PAIRS, FROM_MS, TO_MS = 3, 7, -2, 5
COLOURS = ("#0b5394", "#b45f06", "#38761d", "#741b47", "#444444")


def picture(rows: Sequence[dict[str, Any]]) -> str:
    """Return an SVG of best times against pairs: ours and each peer one line."""
    lines: dict[str, dict[int, float]] = {}
    for row in rows:
        if row["name"] == NAME:
            pairs = int(row["size"].split(", ")[1].removesuffix(" pairs").replace(",", ""))
            lines.setdefault("canheal_nb", {})[pairs] = row["ours_best"]
            lines.setdefault(row["against"], {})[pairs] = row["peer_best"]
    heights = _label_heights(lines)
    body = [*_axes(), *(_line(i, n, lines[n], heights[n]) for i, n in enumerate(lines))]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {TALL}" role="img"'
    style = 'font-family="sans-serif" font-size="13"'
    title = "Time of E2SFCA in full by number of pairs, best of several runs"
    return "\n".join([f'{head} {style} aria-label="{title}">', *body, "</svg>", ""])


def _at(pairs: float, milliseconds: float) -> tuple[float, float]:
    across = (math.log10(pairs) - FROM_PAIRS) / (TO_PAIRS - FROM_PAIRS)
    up = (math.log10(milliseconds) - FROM_MS) / (TO_MS - FROM_MS)
    x = LEFT + across * (WIDE - LEFT - 150)
    return round(x, 1), round(TALL - TOP - up * (TALL - 2 * TOP), 1)


def _axes() -> list[str]:
    parts = [f'<text x="{LEFT}" y="24">Milliseconds for all scores, by number of pairs</text>']
    right = _at(10**TO_PAIRS, 1)[0]
    for power in range(FROM_MS, TO_MS + 1):
        _x, y = _at(10**FROM_PAIRS, 10**power)
        parts.append(f'<path d="M{LEFT} {y}H{right}" stroke="#ddd"/>')
        label = f"{10**power:,}" if power >= 0 else f"{10**power:g}"
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{label}</text>')
    for power in range(FROM_PAIRS, TO_PAIRS + 1):
        x, y = _at(10**power, 10**FROM_MS)
        parts.append(f'<text x="{x}" y="{y + 22}" text-anchor="middle">{10**power:,}</text>')
    return parts


def _label_heights(lines: dict[str, dict[int, float]]) -> dict[str, float]:
    """Return where each name stands: at the end of its line, but no two on each other."""
    ends = {name: _at(max(times), times[max(times)])[1] for name, times in lines.items()}
    heights: dict[str, float] = {}
    last = -math.inf
    for name in sorted(ends, key=lambda one: ends[one]):
        last = max(ends[name], last + 15)
        heights[name] = last + 4
    return heights


def _line(number: int, name: str, times: dict[int, float], height: float) -> str:
    where = [_at(pairs, milliseconds) for pairs, milliseconds in sorted(times.items())]
    path = "M" + "L".join(f"{x} {y}" for x, y in where)
    colour, x = COLOURS[number % len(COLOURS)], where[-1][0]
    dots = "".join(f'<circle cx="{a}" cy="{b}" r="3" fill="{colour}"/>' for a, b in where)
    text = f'<text x="{x + 8}" y="{height}" fill="{colour}">{name}</text>'
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}{text}'
