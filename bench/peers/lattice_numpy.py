"""Measures of lattices in NumPy, as one would write them: MEASURE FILE SIDE. Spins are bytes.
A last number says how many displacements count, so that a spin and a displacement are a unit."""

import sys

from lattice_patterns import PATTERNS, estimate
from serve import libraries, serve, spins_of

(np,) = libraries("numpy")
measure, path, side = sys.argv[1], sys.argv[2], int(sys.argv[3])
spins = spins_of(np, path, side)
rng = np.random.default_rng(1)


def decimation():
    return np.ascontiguousarray(spins[:, ::2, ::2]).sum(dtype=np.int64)


def majority():
    half = side // 2
    sums = spins.reshape(-1, half, 2, half, 2).sum(axis=(2, 4), dtype=np.int8)
    ties = rng.integers(0, 2, sums.shape, dtype=np.int8) * 2 - 1
    np.where(sums == 0, ties, np.sign(sums)).astype(np.int8)


def two_point_all():
    """Every displacement at once: the square of the Fourier transform (Wiener and Khinchin)."""
    total = np.zeros((side, side))
    for k in range(0, len(spins), 64):
        power = np.abs(np.fft.rfft2(spins[k : k + 64].astype(np.float64))) ** 2
        total += np.fft.irfft2(power, s=(side, side)).sum(axis=0)
    g = total / (len(spins) * side * side)
    return (g[0, 1] + g[1, 0]) / 2


def two_point_axes():
    """(0, r) and (r, 0) for r up to half the side, with shifted copies."""
    g = []
    for r in range(1, side // 2 + 1):
        across = np.count_nonzero(spins == np.roll(spins, -r, axis=2))
        down = np.count_nonzero(spins == np.roll(spins, -r, axis=1))
        g.append((across + down) / spins.size - 1)
    return g[0]


def entropy():
    """From the histogram of the patterns around every site."""
    bits = (spins > 0).astype(np.uint16)
    index = np.zeros_like(bits)
    for j, (dy, dx) in enumerate(PATTERNS[measure]):
        index |= np.roll(bits, (-dy, -dx), axis=(1, 2)) << j
    counts = np.bincount(index.reshape(-1), minlength=2 ** len(PATTERNS[measure]))
    return estimate(np, measure, counts)


works = {"decimation": decimation, "majority": majority}
works |= {"two-point-all": two_point_all, "two-point-axes": two_point_axes}
work = works.get(measure, entropy)
displacements = int(sys.argv[4]) if len(sys.argv) > 4 else side if work is two_point_axes else 1
serve(f"NumPy {np.__version__}", spins.size * displacements, work)
