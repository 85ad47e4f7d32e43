"""Mean energy per inverse temperature: reads and writes Arrow files."""
import sys

try:
    import pyarrow as pa
    from pyarrow import ipc
except ImportError:
    sys.exit("this example needs pyarrow: pip install pyarrow")

table = ipc.open_file("inputs/configurations.arrow").read_all()
means = table.group_by("beta").aggregate([("energy", "mean")]).sort_by("beta")
result = pa.table({"beta": means["beta"], "energy": means["energy_mean"]})

with ipc.new_file("outputs/means.arrow", result.schema) as writer:
    writer.write_table(result)
print(f"{result.num_rows} inverse temperatures")
