"""Fails if a test suite of `cargo test` ran no test: a missing suite would look like one that passes."""

import re
import sys

# The binary has no tests, and examples in the documentation are optional.
MAY_BE_EMPTY = {"src/main.rs", "doc-tests"}

SUITE = re.compile(r"^\s+Running (?:unittests )?(\S+) \(|^\s+(Doc-tests) ")
RESULT = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;")

ran, suite = {}, None
with open(sys.argv[1], encoding="utf-8", errors="replace") as log:
    for line in log:
        if found := SUITE.match(line):
            suite = found[1] or found[2].lower()
            ran.setdefault(suite, [0, 0, 0])
        elif suite and (found := RESULT.match(line)):
            # Doc-tests report more than once.
            ran[suite] = [total + int(count) for total, count in zip(ran[suite], found.groups())]

for suite, (passed, failed, ignored) in ran.items():
    print(f"{suite}: {passed} passed, {failed} failed, {ignored} ignored")
empty = [suite for suite, counts in ran.items() if counts[0] == 0 and suite not in MAY_BE_EMPTY]
if empty:
    sys.exit(f"no test ran in {', '.join(empty)}")
if not any(passed for passed, _, _ in ran.values()):
    sys.exit("no test ran")
