"""One Markov chain of the Ising model at the critical point: ALGORITHM SIDE. The unit is a spin that is
tried (metropolis, metropolis-numpy, swendsen-wang) or flipped (wolff)."""

import math
import sys

from serve import libraries, serve

algorithm, L = sys.argv[1], int(sys.argv[2])
np, *more = libraries("numpy", *([] if algorithm == "metropolis-numpy" else ["numba"]))
numba = more[0] if more else None
BETA = math.log(1 + math.sqrt(2)) / 2
jit = numba.njit(fastmath=False) if numba else lambda function: function


@jit
def metropolis(spins, sweeps, accept):
    L = spins.shape[0]
    for _ in range(sweeps):
        for y in range(L):
            up, down = (y if y > 0 else L) - 1, y + 1 if y < L - 1 else 0
            for x in range(L):
                left, right = (x if x > 0 else L) - 1, x + 1 if x < L - 1 else 0
                around = spins[up, x] + spins[down, x] + spins[y, left] + spins[y, right]
                k = spins[y, x] * around
                if k <= 0 or np.random.random() < accept[k]:
                    spins[y, x] = -spins[y, x]


def metropolis_numpy(spins, sweeps, rng):
    """Half of the sites at once, as on a checkerboard."""
    y, x = np.indices(spins.shape)
    for _ in range(sweeps):
        for colour in (0, 1):
            around = np.roll(spins, 1, 0) + np.roll(spins, -1, 0)
            around += np.roll(spins, 1, 1) + np.roll(spins, -1, 1)
            tried = rng.random(spins.shape, np.float32) < np.exp(-2 * BETA * spins * around)
            spins[tried & ((x + y) % 2 == colour)] *= -1


@jit
def wolff(spins, least, p):
    """Flips clusters until `least` spins have been flipped; returns how many were."""
    L = spins.shape[0]
    stack = np.empty((L * L, 2), np.int32)
    flipped = 0
    while flipped < least:
        y, x = np.random.randint(L), np.random.randint(L)
        old = spins[y, x]
        spins[y, x] = -old
        stack[0, 0], stack[0, 1] = y, x
        top = 1
        while top > 0:
            top -= 1
            flipped += 1
            y, x = stack[top]
            for side in range(4):
                v, w = y, x
                if side == 0:
                    v = y + 1 if y < L - 1 else 0
                elif side == 1:
                    v = y - 1 if y > 0 else L - 1
                elif side == 2:
                    w = x + 1 if x < L - 1 else 0
                else:
                    w = x - 1 if x > 0 else L - 1
                if spins[v, w] == old and np.random.random() < p:
                    spins[v, w] = -old
                    stack[top, 0], stack[top, 1] = v, w
                    top += 1
    return flipped


@jit
def swendsen_wang(spins, sweeps, p):
    """Clusters are joined by union and find, with paths halved."""
    L = spins.shape[0]
    s = spins.reshape(-1)
    parent = np.empty(L * L, np.int32)
    turn = np.empty(L * L, np.bool_)
    for _ in range(sweeps):
        for i in range(L * L):
            parent[i] = i
            turn[i] = np.random.random() < 0.5
        for i in range(L * L):
            y, x = i // L, i % L
            for j in ((y * L + (x + 1) % L), ((y + 1) % L * L + x)):
                if s[i] == s[j] and np.random.random() < p:
                    a, b = i, j
                    while parent[a] != a:
                        parent[a] = parent[parent[a]]
                        a = parent[a]
                    while parent[b] != b:
                        parent[b] = parent[parent[b]]
                        b = parent[b]
                    if a < b:
                        parent[b] = a
                    else:
                        parent[a] = b
        for i in range(L * L):
            a = i
            while parent[a] != a:
                a = parent[a]
            if turn[a]:
                s[i] = -s[i]


rng = np.random.default_rng(1)
spins = (2 * rng.integers(0, 2, (L, L)) - 1).astype(np.int8)
p = 1 - math.exp(-2 * BETA)
work = {
    "metropolis": lambda: metropolis(spins, 10**7 // L**2, np.exp(-2 * BETA * np.arange(5))),
    "metropolis-numpy": lambda: metropolis_numpy(spins, 10**6 // L**2, rng),
    "wolff": lambda: wolff(spins, 10**7, p) and None,
    "swendsen-wang": lambda: swendsen_wang(spins, 10**7 // L**2, p),
}[algorithm]
count = 10**6 if algorithm == "metropolis-numpy" else 10**7
units = count if algorithm == "wolff" else count // L**2 * L**2
serve(f"Numba {numba.__version__}" if numba else f"NumPy {np.__version__}", units, work)
