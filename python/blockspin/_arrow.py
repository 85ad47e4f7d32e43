"""Arrow files as NumPy arrays. The only module that needs pyarrow."""

import numpy as np

from ._arrays import joined, shape_of, signs
from ._command import Error

try:
    import pyarrow as pa
except ImportError as error:
    raise Error("reading artifacts needs pyarrow: pip install pyarrow") from error


def read_columns(paths):
    """The columns of an artifact, whose files have its rows in this order."""
    tables = [pa.ipc.open_file(pa.memory_map(path)).read_all() for path in paths]
    columns = {}
    for field in tables[0].schema:
        chunks = [chunk for table in tables for chunk in table[field.name].chunks]
        parts = [_array(chunk, field) for chunk in chunks]
        columns[field.name] = joined(field.name, parts or [_array(_empty(field), field)])
    return columns


def _empty(field):
    return pa.array([], getattr(field.type, "storage_type", field.type))


def _array(chunk, field):
    storage = chunk.storage if isinstance(chunk, pa.ExtensionArray) else chunk
    kind = storage.type
    if pa.types.is_fixed_size_list(kind):
        own = getattr(field.type, "shape", None)
        size = kind.list_size
        shape = tuple(own) if own is not None else shape_of(field.metadata, size)
        start = (storage.offset) * size
        count = len(storage) * size
        items = storage.values
        if pa.types.is_boolean(kind.value_type):
            flat = signs(items.buffers()[1] or b"", items.offset + start, count)
        else:
            flat = items.slice(start, count).to_numpy(zero_copy_only=False)
        return flat.reshape(len(storage), *shape)
    if pa.types.is_list(kind):
        column = np.empty(len(storage), object)
        column[:] = [np.asarray(row.values) for row in storage]
        return column
    return storage.to_numpy(zero_copy_only=False)
