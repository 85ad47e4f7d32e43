"""Epochs of Adam on the mean squared error of an autoencoder in PyTorch, with one thread: a JSON object
with `widths` of dense layers, or `filters` of convolutions and the lattice's `side`; `batch`, `rows`,
`epochs`; and the file of the rows' bits."""

import json
import math
import sys

from serve import libraries, serve, spins_of

np, torch = libraries("numpy", "torch")
from torch import nn  # noqa: E402

given, path = json.loads(sys.argv[1]), sys.argv[2]
torch.set_num_threads(1)
torch.manual_seed(1)
batch, epochs = given["batch"], given["epochs"]


def dense(widths):
    layers = []
    for k, (n, m) in enumerate(zip(widths, widths[1:])):
        layer = nn.Linear(n, m)
        nn.init.normal_(layer.weight, 0, 1 / math.sqrt(n))
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.Tanh()]
    return nn.Sequential(*layers)


def convolutions(first, second):
    """Two that halve the side, and their transposes; windows of 3, periodic on the way down."""
    down = lambda n, m: nn.Conv2d(n, m, 3, 2, 1, padding_mode="circular")  # noqa: E731
    up = lambda n, m: nn.ConvTranspose2d(n, m, 3, 2, 1, output_padding=1)  # noqa: E731
    return nn.Sequential(
        *(down(1, first), nn.Tanh(), down(first, second), nn.Tanh()),
        *(up(second, first), nn.Tanh(), up(first, 1), nn.Tanh()),
    )


side = given["side"]
spins = spins_of(np, path, side)
x = torch.from_numpy(spins.astype(np.float32))
x = x[:, None] if "filters" in given else x.reshape(len(x), -1)


def work():
    network = convolutions(*given["filters"]) if "filters" in given else dense(given["widths"])
    adam = torch.optim.Adam(network.parameters(), 1e-3)
    for _ in range(epochs):
        loss_sum = 0.0
        order = torch.randperm(len(x))
        for k in range(0, len(x), batch):
            rows = x[order[k : k + batch]]
            loss = ((network(rows) - rows) ** 2).mean()
            adam.zero_grad()
            loss.backward()
            adam.step()
            loss_sum += loss.item()
    return loss_sum / (len(x) // batch)


serve(f"PyTorch {torch.__version__}", epochs * (len(x) // batch), work)
