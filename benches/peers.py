"""Runs the peers, where they were asked for."""


def plan(bench, url: str) -> tuple[tuple[str, float], ...]:
    """What others take for the same plan, by name; none where nobody asked for them."""
    return ()
