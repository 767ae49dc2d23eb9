"""python -m tests.faults: play every fault, and print the promise, what came, how long it took, and what memory."""

from __future__ import annotations

import sys

from .playing import play, service
from .table import FAULTS


def main() -> int:
    line = "{:40} {:36} {:18} {:>6} {:>6} {:>6} {:>6}  {}"
    print(line.format("fault", "promised", "came", "within", "took", "MB", "used", ""))
    broken = 0
    with service() as address:
        for fault in FAULTS:
            came = play(fault, address)
            kept = came.keeps(fault)
            broken += not kept
            mark = "" if kept else f"BROKEN: {came.message}"
            promised = " or ".join(fault.outcome)
            time = f"{fault.seconds:.1f}", f"{came.seconds:.2f}"
            memory = f"{fault.megabytes:.0f}", f"{came.megabytes:.1f}"
            print(line.format(fault.name, promised, came.what, *time, *memory, mark))
    print(f"\n{len(FAULTS)} faults, {broken} promises broken.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
