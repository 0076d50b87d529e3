"""Every kind of portal under the same cases; the last line is `N passed, N failed`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

import faulty_adapters
import habits_of_lists
import habits_of_reads
import habits_of_writes
import rig
from canaille_portal import Canaille
from django_portal import Django
from embedded import Embedded, NoIfMatchEmbedded, SlowEmbedded
from files_portal import FilesPortal
from habits import Habits
from kind import Kind
from rest import RestScim, RestScripts
from scim2 import Peti, Scim2
from scim_patch_portal import ScimPatch
from scimmy_portal import Scimmy
from table import Table

# A new kind is a row here.
KINDS = (
    ("The development portal, served", Embedded),
    ("The development portal, where changes take their time", SlowEmbedded),
    ("The development portal, without If-Match", NoIfMatchEmbedded),
    ("scim2-server with arkib's extension", Scim2),
    ("scim2-server with an extension of its own", Peti),
    ("scimmy with an extension of its own", Scimmy),
    ("canaille, without an extension", Canaille),
    ("django-scim2 with arkib's extension", Django),
    ("scim-patch with an extension of its own", ScimPatch),
    ("A portal that people operate", FilesPortal),
    ("A portal without SCIM, with a SCIM server in front of it", RestScim),
    ("A portal without SCIM, by two scripts", RestScripts),
)

# Habits of servers that cannot be had, and the servers that they are put before.
HABITS = (("writes", habits_of_writes), ("lists", habits_of_lists), ("reads", habits_of_reads))
BEHIND = (Canaille, Django, ScimPatch)

# What waits longest comes first, so that the others run meanwhile.
MODULES = (
    ("Portals and adapters that lie", faulty_adapters),
    *(
        (f"Habits of {title}, before {adapter.kind}", Habits(adapter, habits.HABITS))
        for title, habits in HABITS
        for adapter in BEHIND
    ),
    *((title, Kind(adapter)) for title, adapter in KINDS),
    ("The table of differences", Table([adapter.kind for _, adapter in KINDS])),
)


def main():
    project = Path(__file__).resolve().parents[2]
    # Most of the time is spent waiting for processes.
    return rig.suites("conformance", MODULES, project, at_once=6)


if __name__ == "__main__":
    sys.exit(main())
