"""Which sites a pattern has, (rows down, columns to the right), and the entropy from its histogram."""

PATTERNS = {
    "pattern2x2": [(y, x) for y in range(2) for x in range(2)],
    "pattern3x3": [(y, x) for y in range(3) for x in range(3)],
    "cond5": [(0, 0), (0, -1), (0, -2), (-1, -1), (-1, 0), (-1, 1)],
    "cond11": [(0, 0), (0, -1), (0, -2), (0, -3), (-1, -2), (-1, -1), (-1, 0), (-1, 1), (-1, 2)]
    + [(-2, -1), (-2, 0), (-2, 1)],
}


def estimate(np, name, counts):
    """In nats per site: conditional on all but the first site, or of the pattern over its sites."""

    def entropy(cells):
        p = cells[cells > 0] / cells.sum()
        return -(p * np.log(p)).sum()

    if name.startswith("cond"):
        return entropy(counts) - entropy(counts.reshape(-1, 2).sum(axis=1))
    return entropy(counts) / len(PATTERNS[name])
