"""Tables written and read by pyarrow with SHA-256: spins, activations or small; write or read."""

import hashlib
import os
import sys

from serve import libraries, serve

np, pa = libraries("numpy", "pyarrow")
kind, way, folder = sys.argv[1:4]
rng = np.random.default_rng(1)


def fixed(values, width):
    return pa.FixedSizeListArray.from_arrays(values, width)


def tables():
    if kind == "spins":
        rows = 2**17
        bits = pa.Array.from_buffers(pa.bool_(), rows * 1024, [None, pa.py_buffer(rng.bytes(rows * 128))])
        beta = np.repeat(0.2 + np.arange(128) / 256, 1024)
        energy = (4 * (np.arange(rows) % 512) - 1024).astype(np.int32)
        return [pa.table({"spins": fixed(bits, 1024), "beta": beta, "energy": energy})]
    if kind == "activations":
        values = rng.random(2**14 * 256, np.float32)
        return [pa.table({"y": fixed(pa.array(values), 256)})]
    beta = 0.2 + 0.025 * np.arange(21)
    return [
        pa.table({"beta": beta, "value": k * beta, "rule": ["majority"] * 21}) for k in range(100)
    ]


made = tables()
units = {"spins": 2**17 * 140 / 1e6, "activations": 2**14 * 1024 / 1e6}.get(kind, len(made))
paths = [os.path.join(folder, f"pyarrow-{k}.arrow") for k in range(len(made))]
digests = {}


def write():
    for path, table in zip(paths, made):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        buffer = sink.getvalue()
        digests[path] = hashlib.sha256(buffer).hexdigest()
        with open(path, "wb") as file:
            file.write(buffer)


def read():
    rows = 0
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != digests[path]:
            raise ValueError("damaged")
        table = pa.ipc.open_file(data).read_all()
        if "rule" in table.column_names:
            table["rule"].to_pylist()
        rows += table.num_rows
    return rows


def remove():
    for path in paths:
        if os.path.exists(path):
            os.remove(path)


write()
serve(f"pyarrow {pa.__version__}", units, *((write, remove) if way == "write" else (read,)))
