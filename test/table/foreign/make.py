"""Writes the files beside it with pyarrow (25.0.1): one table, as other programs lay it out."""
import pathlib

import pyarrow as pa
import pyarrow.ipc as ipc

here = pathlib.Path(__file__).parent
n = 50
null_garbage = pa.Array.from_buffers(
    pa.float64(), 4, [pa.py_buffer(bytes([0b1111_0101])), pa.array([1.0, 2.0, 3.0, 4.0]).buffers()[1]]
)
table = pa.table({
    "int64": pa.array(range(n)),
    "float64": pa.array([i / 3 for i in range(n)]),
    "text": pa.array([f"row {i}" for i in range(n)]),
    "large_text": pa.array(["ab" * (i % 3) for i in range(n)], type=pa.large_string()),
    "text_view": pa.array(["a string that is not short" if i % 2 else "é" for i in range(n)], type=pa.string_view()),
    "dictionary": pa.array(["up" if i % 2 else "down" for i in range(n)]).dictionary_encode(),
    "null_dictionary": pa.array([None if i % 3 else "x" for i in range(n)]).dictionary_encode(),
    "bool": pa.array([i % 3 == 0 for i in range(n)]),
    "null_bool": pa.array([None if i % 5 == 0 else i % 3 == 0 for i in range(n)]),
    "fixed": pa.array([[i, i + 0.5] for i in range(n)], type=pa.list_(pa.float32(), 2)),
    "bits": pa.array([[(i >> k) & 1 == 1 for k in range(9)] for i in range(n)], type=pa.list_(pa.bool_(), 9)),
    "list": pa.array([[0.25] * (i % 4) for i in range(n)]),
    "large_list": pa.array([["x"] * (i % 3) for i in range(n)], type=pa.large_list(pa.string())),
    "zeros": pa.array([0] * n, type=pa.uint8()),
})


def write(name, table, make, compression=None, rows=20):
    options = ipc.IpcWriteOptions(compression=compression)
    with make(here / name, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=rows)


# A slice: the buffers hold rows that are not in the table.
rows = table.slice(3, 45)
write("file.arrow", rows, ipc.new_file)
write("stream.arrow", rows, ipc.new_stream)
write("lz4.arrow", rows, ipc.new_file, "lz4")
write("zstd.arrow", rows, ipc.new_stream, "zstd")
write("no-batches.arrow", rows.slice(0, 0), ipc.new_file)
write("null-garbage.arrow", pa.table({"x": null_garbage}), ipc.new_file)
write("null-list.arrow", pa.table({"x": pa.array([[1.0], None])}), ipc.new_file)
write("null-item.arrow", pa.table({"x": pa.array([[1.0, None]])}), ipc.new_file)
write("timestamp.arrow", pa.table({"t": pa.array([0], type=pa.timestamp("ms"))}), ipc.new_file)
