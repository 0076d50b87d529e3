"""The line of JSON with which each peer ends. Imported first, so that it counts the other imports, too."""

import json
import time

_BEGIN = time.perf_counter()


def told(what: str, count: int, **more: object) -> None:
    """Wall and CPU seconds so far, with the CPU of children that ended; the peak memory of the
    largest process, in MB (10^6 bytes). What `more` says wins, where only a part is measured."""
    line = {"what": what, "count": count, "seconds": time.perf_counter() - _BEGIN, **_used(), **more}
    print(json.dumps({key: round(value, 3) if isinstance(value, float) else value for key, value in line.items()}))


def _used() -> dict[str, float]:
    try:
        import resource
    except ImportError:
        # Windows: the bench measures the process itself.
        return {"cpu": time.process_time(), "peak_mb": 0.0}
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(used.ru_utime + used.ru_stime for used in both)
    return {"cpu": cpu, "peak_mb": max(used.ru_maxrss for used in both) * 1024 / 1e6}
