"""The mean energy per configuration at each beta. Reads inputs/, writes outputs/."""

import sys

try:
    import pyarrow
except ImportError:
    sys.exit("energies.py needs pyarrow: pip install pyarrow")

table = pyarrow.ipc.open_file("inputs/configurations.arrow").read_all()
means = table.group_by("beta", use_threads=False).aggregate([("energy", "mean")])
means = pyarrow.table({"beta": means["beta"], "energy": means["energy_mean"]})
with pyarrow.ipc.new_file("outputs/means.arrow", means.schema) as out:
    out.write_table(means)
