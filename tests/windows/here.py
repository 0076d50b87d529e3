"""What arkib does on this machine, for suite.py, which compares: here.py ARKIB. Prints JSON."""

import json
import sys
from pathlib import Path

import first_run
import two_temps

arkib = str(Path(sys.argv[1]).resolve())
json.dump({"first run": first_run.plans([arkib], {}), "two temps": two_temps.check(arkib, two_temps.ROUNDS)}, sys.stdout)
