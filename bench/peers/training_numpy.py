"""The dense autoencoders of `training_torch.py`, with the gradients and Adam written out in NumPy."""

import json
import sys

from serve import libraries, serve, spins_of

(np,) = libraries("numpy")
given, path = json.loads(sys.argv[1]), sys.argv[2]
widths, batch, epochs = given["widths"], given["batch"], given["epochs"]
x = spins_of(np, path, given["side"]).reshape(-1, widths[0]).astype(np.float32)
rng = np.random.default_rng(1)


def adam(weights, gradient, first, second, step):
    first += 0.1 * (gradient - first)
    second += 0.001 * (gradient * gradient - second)
    rate = np.float32(1e-3 * np.sqrt(1 - 0.999**step) / (1 - 0.9**step))
    weights -= rate * first / (np.sqrt(second) + np.float32(1e-8))


def work():
    weights = []
    for n, m in zip(widths, widths[1:]):
        weights.append((rng.standard_normal((n, m)) / np.sqrt(n)).astype(np.float32))
        weights.append(np.zeros(m, np.float32))
    moments = [(np.zeros_like(w), np.zeros_like(w)) for w in weights]
    step = 0
    for _ in range(epochs):
        loss = 0.0
        order = rng.permutation(len(x))
        for k in range(0, len(x), batch):
            rows = x[order[k : k + batch]]
            outputs = [rows]
            for w, b in zip(weights[::2], weights[1::2]):
                outputs.append(np.tanh(outputs[-1] @ w + b))
            error = outputs[-1] - rows
            loss += float((error * error).mean())
            delta = error * np.float32(2 / error.size)
            step += 1
            for i in reversed(range(len(widths) - 1)):
                delta = delta * (1 - outputs[i + 1] ** 2)
                w, b = weights[2 * i], weights[2 * i + 1]
                gradients = (outputs[i].T @ delta, delta.sum(axis=0))
                if i > 0:
                    delta = delta @ w.T
                for j, gradient in enumerate(gradients):
                    adam(weights[2 * i + j], gradient, *moments[2 * i + j], step)
    return loss / (len(x) // batch)


serve(f"NumPy {np.__version__}", epochs * (len(x) // batch), work)
