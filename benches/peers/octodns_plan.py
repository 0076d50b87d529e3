"""`octodns_plan.py [RECORDS [DIFFERENT]]`: octoDNS, the best known tool of this kind for DNS, plans as many records
as there are mailboxes.

Comparable: desired state from YAML, observed state held against it in memory, a plan with its safety gate. Not
comparable: octoDNS reads one sorted file instead of a request a file and folds no history, and the observed state
costs it nothing here, for it comes from memory and not in pages over HTTP. Both favour octoDNS. What it does more
(record types, their rules of validity) does not.

The file is made first, which is not counted. `plan` is the comparing alone.
"""

from told import told

import logging
import sys
import tempfile
import time
from pathlib import Path

from octodns.provider.base import BaseProvider
from octodns.provider.yaml import YamlProvider
from octodns.record import Record
from octodns.zone import Zone

ZONE = "perkhidmatan.example."


class Observed(BaseProvider):
    """What a zone has, from memory: as desired, but for the first records."""

    SUPPORTS = {"TXT"}
    SUPPORTS_GEO = False

    def __init__(self, records: int, different: int) -> None:
        self.log = logging.getLogger("observed")
        super().__init__("observed")
        self.records, self.different = records, different

    def populate(self, zone: Zone, target: bool = False, lenient: bool = False) -> bool:
        for number in range(self.records):
            value = "disabled" if number < self.different else "enabled"
            data = {"type": "TXT", "ttl": 3600, "value": value}
            zone.add_record(Record.new(zone, name(number), data, source=self, lenient=lenient), lenient=lenient)
        return True

    def _apply(self, plan: object) -> None:
        raise NotImplementedError("nothing is applied")


def name(number: int) -> str:
    return f"pegawai{number:06}"


def main(records: int = 100_000, different: int = 10_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with open(Path(folder) / f"{ZONE}yaml", "w") as file:
            file.write("---\n")
            for number in range(records):
                file.write(f"{name(number)}:\n  type: TXT\n  value: enabled\n")
        begin, before = time.perf_counter(), time.process_time()
        desired = Zone(ZONE, [])
        YamlProvider("requests", folder).populate(desired)
        read = time.perf_counter()
        plan = Observed(records, different).plan(desired)
        plan.raise_if_unsafe()
        end, cpu = time.perf_counter(), time.process_time() - before
    told("plan, octoDNS", len(plan.changes), seconds=end - begin, cpu=cpu, plan=end - read, records=records)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
