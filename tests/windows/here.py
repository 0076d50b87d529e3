"""What arkib does on this machine, for suite.py, which compares: here.py ARKIB [options of suite.py]. Prints JSON."""

import json
import sys
from pathlib import Path

import first_run
import two_temps

arkib = str(Path(sys.argv[1]).resolve())
options = sys.argv[2:]
rounds = two_temps.ROUNDS if not options or "two-temps" in options else 0
json.dump({"first run": first_run.plans([arkib], {}), "two temps": two_temps.check(arkib, rounds)}, sys.stdout)
