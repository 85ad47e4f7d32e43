"""Patterns counted in a loop that Numba compiles: ESTIMATOR FILE SIDE."""

import sys

from serve import libraries, serve, spins_of

np, numba = libraries("numpy", "numba")
from lattice_patterns import PATTERNS, estimate  # noqa: E402

name, path, side = sys.argv[1], sys.argv[2], int(sys.argv[3])
bits = (spins_of(np, path, side) > 0).astype(np.uint8)
offsets = np.array(PATTERNS[name])


@numba.njit
def count(bits, offsets, counts):
    rows, side, _ = bits.shape
    for n in range(rows):
        for y in range(side):
            for x in range(side):
                cell = 0
                for j in range(len(offsets)):
                    v, w = y + offsets[j, 0], x + offsets[j, 1]
                    v = v + side if v < 0 else v - side if v >= side else v
                    w = w + side if w < 0 else w - side if w >= side else w
                    cell |= numba.int64(bits[n, v, w]) << j
                counts[cell] += 1


def work():
    counts = np.zeros(2 ** len(offsets), np.int64)
    count(bits, offsets, counts)
    return estimate(np, name, counts)


serve(f"Numba {numba.__version__}", bits.size, work)
