"""From a pattern to arrays: asks the command line for files, and joins what is in them."""

import json

import numpy as np

from ._arrays import axis_column, joined
from ._command import Error, call

_kinds = ("numpy", "pandas", "polars")


def load(pipeline, pattern, *, as_="numpy", set=None, cache=None):
    """The rows of the instances that a pattern names, as a dict of arrays; computes nothing.

    pattern: stage, stage[axis=value,...], or either with .port, as for `blockspin show`
    as_: "numpy" (a dict of arrays), "pandas" or "polars" (a data frame)
    set: parameters that differ from the file, such as {"size": 32}
    cache: the store, if it is not the project's

    Spins are int8, +1 and -1, with the shape of their lattice. Where a pattern names several instances,
    their axes are the first columns. Raises blockspin.Error where something has not been computed.
    """
    if as_ not in _kinds:
        raise ValueError(f"as_ must be one of {', '.join(_kinds)}, not {as_!r}")
    options = [f"--set={name}={_written(value)}" for name, value in (set or {}).items()]
    if cache is not None:
        options.append(f"--cache={cache}")
    found = json.loads(call("show", "--path", "--json", *options, "--", pipeline, pattern))
    from ._arrow import read_columns  # needs pyarrow, unlike all that comes before it

    try:
        columns = join_members(found, [read_columns(one["paths"]) for one in found])
    except ValueError as error:
        raise Error(f"{pattern}: {error}") from error
    return columns if as_ == "numpy" else _frame(columns, as_)


def join_members(found, tables):
    """The rows of all instances, their axes first."""
    axes = sorted({axis for one in found for axis in one["coordinate"]})
    names = list(tables[0])
    for one, table in zip(found, tables):
        if list(table) != names:
            raise ValueError(f"{one['id']} has other columns than {found[0]['id']}; load one at a time")
    clash = [axis for axis in axes if axis in names]
    if clash:
        raise ValueError(f"{clash[0]!r} is an axis and a column; load one instance at a time")
    rows = [one["rows"] for one in found]
    of_axis = {axis: [one["coordinate"].get(axis) for one in found] for axis in axes}
    columns = {axis: axis_column(values, rows) for axis, values in of_axis.items()}
    columns.update({name: joined(name, [table[name] for table in tables]) for name in names})
    return columns


def _written(value):
    """As `--set` reads it: text as it is, all else as JSON, which is YAML."""
    return value if isinstance(value, str) else json.dumps(value)


def _frame(columns, kind):
    if kind == "polars":
        polars = _imported("polars")
        return polars.DataFrame({name: _plain(column) for name, column in columns.items()})
    pandas = _imported("pandas")
    # A cell may be an array: a lattice a row.
    rows = {name: list(array) if array.ndim > 1 else array for name, array in columns.items()}
    return pandas.DataFrame(rows)


def _plain(array):
    return array.tolist() if array.dtype == object else np.ascontiguousarray(array)


def _imported(name):
    try:
        return __import__(name)
    except ImportError as error:
        raise Error(f"as_={name!r} needs {name}: pip install {name}") from error
