"""The one table: figure, floor, ratio, and what is asked of it."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One figure. Seconds where nothing else is said; memory in MB (10^6 bytes)."""

    what: str
    arkib: float
    floor: float | None = None
    unit: str = "s"
    memory: float | None = None
    # The ratio as the design states it, and its bound: "<= 1.5", ">= 0.8".
    ratio: float | None = None
    bound: str = ""
    # What an administrator would use instead, and its figure of the same kind.
    peer: str = ""
    peer_value: float | None = None

    def as_json(self) -> dict:
        return asdict(self)


def holds(row: Row) -> str:
    if not row.bound:
        return ""
    sign, bound = row.bound.split()
    value = row.arkib if row.ratio is None else row.ratio
    good = value <= float(bound) if sign == "<=" else value >= float(bound)
    return "yes" if good else "NO"


def faster(row: Row) -> str:
    """How many times as fast as the peer; of a rate, more is faster."""
    if row.peer_value is None:
        return ""
    times = row.arkib / row.peer_value if row.unit == "/s" else row.peer_value / row.arkib
    return f"{times:.1f} x as fast"


def number(value: float | None, unit: str = "") -> str:
    if value is None:
        return ""
    if unit in ("requests", "MB") or value >= 1000:
        return f"{value:.0f} {unit}".strip()
    return f"{value:.3g} {unit}".strip()


def show(rows: list[Row], about: str) -> str:
    head = ("figure", "arkib", "floor", "ratio", "asked", "reached", "memory", "peer", "", "arkib is")
    lines = [head]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        figures = (number(row.arkib, row.unit), number(row.floor, row.unit), ratio)
        beside = (row.peer, number(row.peer_value, row.unit), faster(row))
        lines.append((row.what, *figures, row.bound, holds(row), number(row.memory, "MB"), *beside))
    if not any(row.peer for row in rows):
        lines = [line[:-3] for line in lines]
        head = lines[0]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    return "\n".join([about, "", text[0], "-" * len(text[0]), *text[1:]])
