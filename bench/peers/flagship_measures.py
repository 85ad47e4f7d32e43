"""The measures of `flagship.py`, in NumPy, with block jackknife errors over configurations, per beta."""

import zlib

import numpy as np
import torch

BLOCKS = 20
PAST = [(0, -1), (0, -2), (-1, -1), (-1, 0), (-1, 1)]


def energy(spins):
    s = spins.astype(np.int32)
    return -(s * (np.roll(s, -1, 1) + np.roll(s, -1, 2))).mean(axis=(1, 2))


def spread(left_out):
    """The jackknife's error, of values that leave out a block each (first axis)."""
    return np.sqrt((len(left_out) - 1) * left_out.var(axis=0))


def plain(x):
    return x.numpy() if isinstance(x, torch.Tensor) else x


def signs(x):
    return np.where(plain(x) >= 0, 1, -1).astype(np.int8)


class Measures:
    def __init__(self, spins, betas, rng, done):
        self.spins, self.betas, self.rng, self.done = spins, betas, rng, done
        self.flat = spins.reshape(len(spins), -1).astype(np.float32)
        self.x = torch.from_numpy(self.flat)
        self.found = {}

    def all(self, models, block_decoders, beta_decoders, blocks, shifted):
        steps = [
            ("weights", lambda: self.weights(models)),
            ("reconstruction", lambda: self.reconstruct(models, beta_decoders)),
            ("blocks given back", lambda: self.from_blocks(block_decoders, blocks)),
            ("codes and spins", self.codes_and_spins),
            ("two-point", lambda: self.retention(blocks)),
            ("entropy", lambda: self.entropies(shifted)),
            ("denoising", self.denoising),
            ("compression", lambda: self.compression(blocks)),
            ("rates", lambda: self.rates(models)),
        ]
        with torch.no_grad():
            for name, step in steps:
                step()
                self.done(name)
        return {name: float(np.mean(value)) for name, value in self.found.items()}

    def keep(self, name, values):
        """The mean and its error at each beta, of a value for each configuration."""
        blocks = values.reshape(self.betas, BLOCKS, -1).mean(axis=2)
        total = blocks.mean(axis=1)
        left_out = (total[:, None] * BLOCKS - blocks) / (BLOCKS - 1)
        self.found[name] = total
        self.found[f"{name}, error"] = spread(left_out.T)
        return total

    def weights(self, models):
        for name, (encoder, _) in models.items():
            layer = encoder if name == "pca" else encoder[0]
            w = np.abs(layer.weight.numpy())
            n = w.size
            hoyer = (np.sqrt(n) - w.sum() / np.sqrt((w * w).sum())) / (np.sqrt(n) - 1)
            self.found[f"hoyer {name}"] = hoyer
            self.found[f"sites {name}"] = (w**2).sum(axis=1) ** 2 / (w**4).sum(axis=1)
            ordered = np.sort(w, axis=1) / w.sum(axis=1, keepdims=True)
            rank = (w.shape[1] - np.arange(w.shape[1]) - 0.5) / w.shape[1]
            self.found[f"gini {name}"] = 1 - 2 * (ordered * rank).sum(axis=1)

    def errors(self, name, image):
        self.keep(f"mse {name}", ((image - self.flat) ** 2).mean(axis=1))
        self.keep(f"accuracy {name}", ((image >= 0) == (self.flat > 0)).mean(axis=1))

    def reconstruct(self, models, beta_decoders):
        self.codes, self.images = {}, {}
        for name, (encoder, decoder) in {**models, **beta_decoders}.items():
            code = encoder(self.x)
            image = decoder(code).numpy()
            reversed_image = decoder(encoder(-self.x)).numpy()
            self.errors(name, image)
            self.keep(f"overlap {name}", np.abs((self.flat * np.sign(image)).mean(axis=1)))
            self.keep(f"asymmetry {name}", np.abs(image + reversed_image).mean(axis=1) / 2)
            if name in models:
                self.codes[name] = code.numpy()
                self.images[name] = signs(image).reshape(self.spins.shape)

    def from_blocks(self, decoders, blocks):
        for rule, decoder in decoders.items():
            x = torch.from_numpy(blocks[rule].reshape(len(blocks[rule]), -1).astype(np.float32))
            self.errors(f"blocks {rule}", decoder(x).numpy())

    def codes_and_spins(self):
        """max |C| of code units with spins, less that of shuffled configurations."""
        for name, code in self.codes.items():
            if name == "one-bit":
                continue
            for v, h in zip(np.split(self.flat, self.betas), np.split(signs(code), self.betas)):
                h = h.astype(np.float32)
                whole = largest(v, h)
                null = np.mean([largest(v[self.rng.permutation(len(v))], h) for _ in range(4)])
                block = len(v) // BLOCKS
                left_out = []
                for k in range(0, block * BLOCKS, block):
                    kept = np.r_[0:k, k + block : len(v)]
                    left_out.append(largest(v[kept], h[kept]))
                self.found.setdefault(f"excess {name}", []).append(whole - null)
                self.found.setdefault(f"excess {name}, error", []).append(spread(np.array(left_out)))

    def measured(self):
        """Images whose correlations and domains are measured."""
        return {k: v for k, v in self.images.items() if k != "one-bit" and "critic" not in k}

    def retention(self, blocks):
        self.copies = blocks["decimation"].repeat(2, axis=1).repeat(2, axis=2)
        original = self.two_point("original", self.spins)
        for name, image in {**self.measured(), "copies": self.copies}.items():
            g = self.two_point(name, image)
            self.found[f"retention {name}"] = 1 - np.abs(g - original).sum(0) / np.abs(original).sum(0)

    def two_point(self, name, spins):
        s = spins.astype(np.int32)
        g = []
        for r in range(1, s.shape[1] // 2 + 1):
            pairs = s * (np.roll(s, -r, 1) + np.roll(s, -r, 2))
            g.append(self.keep(f"g{r} {name}", pairs.mean(axis=(1, 2)) / 2))
        return np.array(g)

    def entropies(self, shifted):
        chosen = {"original": self.spins}
        chosen |= {name: self.images[name] for name in ("ae", "rg decimation")}
        for name, spins in chosen.items():
            self.entropy(name, spins.reshape(self.betas, -1, *spins.shape[1:]))
        for rule, four in shifted.items():
            side = four.shape[-1]
            grouped = four.reshape(4, self.betas, -1, side, side).transpose(1, 2, 0, 3, 4)
            self.entropy(rule, grouped.reshape(self.betas, -1, side, side))

    def entropy(self, name, spins):
        """Of a spin given five before it, with Miller and Madow's correction."""
        values, errors = [], []
        for group in spins:
            bits = (group > 0).astype(np.uint8)
            index = bits.copy()
            for j, at in enumerate(PAST):
                index |= np.roll(bits, (-at[0], -at[1]), axis=(1, 2)) << (j + 1)
            parts = np.array([np.bincount(part.ravel(), minlength=64) for part in np.array_split(index, BLOCKS)])
            total = parts.sum(axis=0)
            values.append(conditional(total))
            errors.append(spread(np.array([conditional(total - part) for part in parts])))
        self.found[f"entropy {name}"], self.found[f"entropy {name}, error"] = values, errors
        return np.array(values)

    def denoising(self):
        before = domains(self.spins)
        original = np.array(self.found["entropy original"])
        for name, image in {**self.measured(), "copies": self.copies}.items():
            for what, was, now in zip(("isolated", "walls"), before, domains(image)):
                self.keep(f"{what} {name}", now - was)
            entropy = self.entropy(name, image.reshape(self.betas, -1, *image.shape[1:]))
            self.found[f"entropy change {name}"] = entropy - original

    def compression(self, blocks):
        length = len(self.spins) // self.betas * 64
        for name, spins in {"original": self.spins, **blocks}.items():
            self.compressed(name, spins, length)
        for name, image in self.images.items():
            if name == "ae" or name.startswith("rg"):
                self.compressed(f"image {name}", image, length)

    def compressed(self, name, spins, length):
        """Deflate's size between that of constant and of random bits."""
        constant = len(zlib.compress(bytes(length // 8), 9))
        random = len(zlib.compress(self.rng.bytes(length // 8), 9))
        ratios, errors = [], []
        for group in np.split(spins, self.betas):
            stream = np.packbits(group.ravel()[:length] > 0).tobytes()
            part = -(-len(stream) // BLOCKS)
            sizes = [len(zlib.compress(stream[k : k + part], 9)) for k in range(0, len(stream), part)]
            ratios.append((len(zlib.compress(stream, 9)) - constant) / (random - constant))
            errors.append(np.std(sizes) / part / BLOCKS**0.5)
        self.found[f"deflate {name}"], self.found[f"deflate {name}, error"] = ratios, errors

    def rates(self, models):
        """What a code of one bit a unit is worth: each unit's mean above and below zero is decoded."""
        for name, (_, decoder) in models.items():
            if name in ("pca", "untrained"):
                continue
            code = self.codes[name]
            up = code >= 0
            high = np.where(up, code, 0).sum(axis=0) / np.maximum(up.sum(axis=0), 1)
            low = np.where(up, 0, code).sum(axis=0) / np.maximum((~up).sum(axis=0), 1)
            one_bit = np.where(up, high, low).astype(np.float32)
            self.errors(f"real {name}", decoder(torch.from_numpy(code)).numpy())
            self.errors(f"one bit {name}", decoder(torch.from_numpy(one_bit)).numpy())
            self.compressed(f"code {name}", signs(code), len(code) // self.betas * 64)


def largest(v, h):
    """The mean over units of max |C_ia|."""
    v, h = v - v.mean(axis=0), h - h.mean(axis=0)
    scales = np.sqrt((v * v).mean(axis=0))[:, None] * np.sqrt((h * h).mean(axis=0))
    c = np.abs(v.T @ h / len(v)) / np.maximum(scales, 1e-12)
    return c.max(axis=0).mean()


def conditional(counts):
    return corrected(counts) - corrected(counts.reshape(-1, 2).sum(axis=1))


def corrected(counts):
    seen = counts[counts > 0]
    p = seen / seen.sum()
    return -(p * np.log(p)).sum() + (len(seen) - 1) / (2 * seen.sum())


def domains(spins):
    """Shares of spins against all four neighbours, and of bonds across a wall, times two."""
    around = sum(np.roll(spins, way, axis) for way in (1, -1) for axis in (1, 2))
    isolated = (around * spins == -4).mean(axis=(1, 2))
    walls = sum((np.roll(spins, 1, axis) != spins).mean(axis=(1, 2)) for axis in (1, 2))
    return isolated, walls
