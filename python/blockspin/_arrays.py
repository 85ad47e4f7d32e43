"""Buffers of columns as NumPy arrays. Knows no Arrow library: everything here works on plain buffers."""

import json

import numpy as np


def signs(buffer, start, count):
    """Packed bits, the least significant first, as int8: +1 where a bit is set, else -1."""
    first = start // 8
    packed = np.frombuffer(buffer, np.uint8)[first : (start + count + 7) // 8]
    bits = np.unpackbits(packed, bitorder="little")[start - 8 * first :][:count]
    return (bits.astype(np.int8) << 1) - 1


def shape_of(metadata, size):
    """The shape of each row: as arrow.fixed_shape_tensor has it, or a vector."""
    values = {_text(key): _text(value) for key, value in (metadata or {}).items()}
    if values.get("ARROW:extension:name") != "arrow.fixed_shape_tensor":
        return (size,)
    shape = tuple(json.loads(values["ARROW:extension:metadata"])["shape"])
    if int(np.prod(shape)) != size:
        raise ValueError(f"rows of {size} numbers cannot have the shape {shape}")
    return shape


def axis_column(values, rows):
    """The values of an axis, each as often as its instance has rows: integers, floats, bools or text."""
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        kind = np.bool_
    elif kinds == {int}:
        kind = np.int64
    elif kinds <= {int, float}:
        kind = np.float64
    else:
        kind = object  # text, or None where an instance lacks the axis
    column = np.empty(len(values), kind)
    column[:] = values
    return np.repeat(column, rows)


def joined(name, parts):
    """The parts of a column, one after the other."""
    shapes = {part.shape[1:] for part in parts}
    if len(shapes) > 1:
        found = " and ".join(str(shape) for shape in sorted(shapes))
        raise ValueError(f"the rows of {name!r} have different shapes: {found}; load one at a time")
    return np.concatenate(parts)


def _text(value):
    return value.decode() if isinstance(value, bytes) else value
