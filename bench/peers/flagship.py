"""One seed of the experiment as a physicist would write it: Numba samples, PyTorch learns, NumPy measures,
zlib compresses. Does the work of `../pipelines/flagship.yaml` and keeps the figures, not the lattices.

    flagship.py SEED [SCALE]    SCALE below 1 takes fewer lattices and epochs

Prints a line of JSON: a version, the seconds of each part, and a few figures to compare.
"""

import json
import sys
import time

from serve import libraries

np, numba, torch = libraries("numpy", "numba", "torch")
from flagship_measures import Measures, energy  # noqa: E402
from torch import nn  # noqa: E402

seed = int(sys.argv[1])
scale = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
torch.set_num_threads(1)
torch.manual_seed(seed)
rng = np.random.default_rng(seed)

L, HALF, CHAINS = 16, 8, 8
BETAS = np.linspace(0.2, 0.7, 21)
SMALL_BETAS = np.linspace(0, 1, 21)
TRAIN, TEST, EPOCHS = (max(1, int(n * scale)) for n in (400, 1000, 30))
TRAIN, TEST = (-(-n // 40) * 40 for n in (TRAIN, TEST))
RULES = ("decimation", "majority")


@numba.njit(cache=True)
def cluster(flat, L, p, stack):
    """Flips one of Wolff's clusters; returns its size."""
    start = np.random.randint(flat.size)
    old = flat[start]
    flat[start] = -old
    stack[0] = start
    top, size = 1, 0
    while top:
        top -= 1
        size += 1
        site = stack[top]
        y, x = site // L, site % L
        for way in range(4):
            if way == 0:
                other = site + 1 if x < L - 1 else site + 1 - L
            elif way == 1:
                other = site - 1 if x > 0 else site - 1 + L
            elif way == 2:
                other = site + L if y < L - 1 else x
            else:
                other = site - L if y > 0 else site + (L - 1) * L
            if flat[other] == old and np.random.random() < p:
                flat[other] = -old
                stack[top] = other
                top += 1
    return size


@numba.njit(cache=True)
def sample(L, beta, count, chains, seed):
    """`count` lattices of several chains: 100 sweeps before the first and 2 between them."""
    np.random.seed(seed)
    p = 1 - np.exp(-2 * beta)
    sites = L * L
    stack = np.empty(sites, np.int32)
    state = np.where(np.random.random((chains, sites)) < 0.5, -1, 1).astype(np.int8)
    flips, flipped = 0, 0
    for chain in range(chains):
        done = 0
        while done < 50 * sites:
            done += cluster(state[chain], L, p, stack)
        done = 0
        while done < 50 * sites:
            done += cluster(state[chain], L, p, stack)
            flips += 1
        flipped += done
    between = max(1, int(np.ceil(2 * sites * flips / flipped)))
    lattices = np.empty((count, sites), np.int8)
    for row in range(count):
        spins = state[row % chains]
        for _ in range(between):
            cluster(spins, L, p, stack)
        lattices[row] = spins if np.random.random() < 0.5 else -spins
    return lattices.reshape(count, L, L)


def ensemble(L, betas, count, purpose):
    first = 100_000 * seed + 1000 * purpose
    parts = [sample(L, beta, count, CHAINS, first + i) for i, beta in enumerate(betas)]
    return np.concatenate(parts)


def coarse(spins, rule, dy=0, dx=0):
    spins = np.roll(spins, (-dy, -dx), axis=(1, 2))
    if rule == "decimation":
        return np.ascontiguousarray(spins[:, ::2, ::2])
    sums = spins.reshape(-1, HALF, 2, HALF, 2).sum(axis=(2, 4))
    coins = 2 * rng.integers(0, 2, sums.shape) - 1
    return np.where(sums == 0, coins, np.sign(sums)).astype(np.int8)


def rows(spins):
    return torch.from_numpy(spins.reshape(len(spins), -1).astype(np.float32))


class Energy(nn.Module):
    """Per site, of real numbers on a periodic square lattice."""

    def forward(self, x):
        side = int(x.shape[1] ** 0.5)
        x = x.view(-1, side, side)
        pairs = x * (torch.roll(x, -1, 1) + torch.roll(x, -1, 2))
        return -pairs.mean(dim=(1, 2))[:, None]


class Sign(torch.autograd.Function):
    """One bit a unit; the gradient goes through where |z| <= 1."""

    @staticmethod
    def forward(context, z):
        context.save_for_backward(z)
        return torch.where(z >= 0, 1.0, -1.0)

    @staticmethod
    def backward(context, gradient):
        (z,) = context.saved_tensors
        return gradient * (z.abs() <= 1)


class OneBit(nn.Module):
    def forward(self, z):
        return Sign.apply(z)


def layer(inputs, outputs, activation, half=False):
    dense = nn.Linear(inputs, outputs)
    nn.init.normal_(dense.weight, 0, inputs**-0.5)
    nn.init.zeros_(dense.bias)
    if half:
        dense.weight.data.abs_()
    return nn.Sequential(dense, activation)


def encoder(**options):
    return layer(L * L, HALF * HALF, options.pop("activation", nn.Tanh()), **options)


def decoder(**options):
    return layer(HALF * HALF, L * L, nn.Tanh(), **options)


def thermometer():
    return nn.Sequential(Energy(), layer(1, 16, nn.Tanh()), nn.Linear(16, 1))


def train(network, x, y, batch=64, rate=1e-3, sparse=None):
    parameters = [p for p in network.parameters() if p.requires_grad]
    adam = torch.optim.Adam(parameters, rate)
    for _ in range(EPOCHS):
        order = torch.randperm(len(x))
        for k in range(0, len(x) - batch + 1, batch):
            chosen = order[k : k + batch]
            loss = nn.functional.mse_loss(network(x[chosen]), y[chosen])
            if sparse is not None:
                loss = loss + 1e-4 * sparse.abs().sum()
            adam.zero_grad()
            loss.backward()
            adam.step()
    return network.requires_grad_(False)


def codes_of(network, x):
    with torch.no_grad():
        return network(x)


def as_column(values):
    return torch.from_numpy(values.astype(np.float32))[:, None]


def models(train_spins, small):
    """(encoder, decoder) of each kind, the decoders of exact blocks, and the first critic's decoders."""
    x = rows(train_spins)
    betas = as_column(np.repeat(BETAS, TRAIN))
    blocks = {rule: coarse(train_spins, rule) for rule in RULES}
    made = {"untrained": (encoder().requires_grad_(False), decoder().requires_grad_(False))}
    for name, options, batch in (("ae", {}, 64), ("one-bit", {"activation": OneBit()}, 128)):
        pair = encoder(**options), decoder()
        train(nn.Sequential(*pair), x, x, batch)
        made[name] = pair
    critic = train(thermometer(), rows(small), as_column(np.repeat(SMALL_BETAS, TRAIN)), 128, 1e-2)
    fine_critic = train(thermometer(), x, betas, 128, 1e-2)
    curve = energy(small).reshape(21, -1).mean(axis=1)
    beta_decoders, block_decoders = {}, {}
    for rule in RULES:
        first = train(encoder(), x, rows(blocks[rule]))
        made[f"rg {rule}"] = first, train(decoder(), codes_of(first, x), x)
        block_decoders[rule] = train(decoder(), rows(blocks[rule]), x, 128)
        energies = energy(blocks[rule]).reshape(21, -1).mean(axis=1)
        renormalized = np.interp(energies, curve[::-1], SMALL_BETAS[::-1])
        targets = as_column(np.repeat(renormalized, TRAIN))
        judged = encoder(half=True)
        train(nn.Sequential(judged, critic), x, targets, 128, 3e-3, judged[0].weight)
        codes = codes_of(judged, x)
        made[f"critic {rule}"] = judged, train(decoder(), codes, x)
        image = decoder(half=True)
        train(nn.Sequential(image, fine_critic), codes, betas, 128)
        beta_decoders[f"critic-beta {rule}"] = judged, image
    made["pca"] = principal(x)
    return made, block_decoders, beta_decoders


def principal(x):
    mean = x.mean(dim=0)
    _, _, v = torch.linalg.svd(x - mean, full_matrices=False)
    v = v[: HALF * HALF]
    there, back = nn.Linear(L * L, HALF * HALF), nn.Linear(HALF * HALF, L * L)
    there.weight.data, there.bias.data = v, -v @ mean
    back.weight.data, back.bias.data = v.T.contiguous(), mean
    return there.requires_grad_(False), back.requires_grad_(False)


def main():
    seconds, began = {}, time.process_time()

    def done(part):
        nonlocal began
        now = time.process_time()
        seconds[part], began = round(now - began, 2), now

    train_spins, test_spins = ensemble(L, BETAS, TRAIN, 1), ensemble(L, BETAS, TEST, 2)
    small = ensemble(HALF, SMALL_BETAS, TRAIN, 3)
    done("sampling")
    made, block_decoders, beta_decoders = models(train_spins, small)
    done("training")
    blocks = {rule: coarse(test_spins, rule) for rule in RULES}
    shifts = [(0, 0), (0, 1), (1, 0), (1, 1)]
    shifted = {rule: np.stack([coarse(test_spins, rule, *at) for at in shifts]) for rule in RULES}
    done("blocks")
    measures = Measures(test_spins, len(BETAS), rng, done)
    figures = measures.all(made, block_decoders, beta_decoders, blocks, shifted)
    version = f"NumPy {np.__version__}, Numba {numba.__version__}, PyTorch {torch.__version__}"
    print(json.dumps({"version": version, "seconds": seconds, "figures": figures}))


main()
