"""What the peers share: a script says that it is ready and works each time it is asked, by a line on
standard input. It answers with a line of JSON. Knows no peer."""

import importlib
import json
import sys
import time


def libraries(*names):
    """The modules, or the end of the script with a message that one is missing."""
    try:
        return [importlib.import_module(name) for name in names]
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), flush=True)
        sys.exit()


def serve(version, units, work, before=lambda: None):
    """`work` returns a number to check, or None; what `before` does is not counted."""
    print(json.dumps({"version": version}), flush=True)
    for _ in sys.stdin:
        before()
        cpu, wall = time.process_time(), time.perf_counter()
        check = work()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        sample = {"cpu": cpu, "wall": wall, "units": units}
        if check is not None:
            sample["check"] = float(check)
        print(json.dumps(sample), flush=True)


def spins_of(numpy, path, side):
    """Packed bits, the first in the lowest place, as -1 and +1 of shape (rows, side, side)."""
    bits = numpy.unpackbits(numpy.fromfile(path, numpy.uint8), bitorder="little")
    return (2 * bits.astype(numpy.int8) - 1).reshape(-1, side, side)
