"""From a run to arrays, through the real command line; needs pyarrow, and BLOCKSPIN as its command."""

import json
import os
import tempfile
import unittest

import blockspin
import numpy as np

try:
    import pyarrow
except ImportError:
    pyarrow = None

PIPELINE = """
blockspin: 1
name: test
params: { size: 5 }
stages:
  lattices:
    node: ising-sampler
    for: { seed: [1, 2], beta_name: [cold, hot] }
    with: { size: "${size}", betas: [0.3, 0.5], samples: 3, seed: ["${seed}", "${beta_name}"] }
  sizes:
    node: ising-sampler
    for: { side: [4, 6] }
    with: { size: "${side}", betas: [0.3], samples: 2 }
  moments:
    node: order-parameter
    inputs: { configurations: lattices.configurations }
    with: { sites: 25 }
  nobody: { node: ising-sampler, with: { size: 4, betas: [0.1], samples: 1 } }
"""


@unittest.skipUnless(os.environ.get("BLOCKSPIN"), "needs BLOCKSPIN")
@unittest.skipUnless(pyarrow, "needs pyarrow")
class Load(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = os.path.join(folder.name, "p.yaml")
        with open(cls.path, "w") as file:
            file.write(PIPELINE)
        with open(os.path.join(folder.name, "package.json"), "w") as file:
            file.write("{}")
        blockspin.call("run", cls.path, "--only", "moments", "sizes")

    def test_spins_have_signs_and_the_shape_of_their_lattice(self):
        found = blockspin.load(self.path, "lattices[seed=1,beta_name=hot].configurations")
        self.assertEqual(found["spins"].dtype, np.int8)
        self.assertEqual(found["spins"].shape, (6, 5, 5))
        sums = found["spins"].sum(axis=(1, 2), dtype=int)
        np.testing.assert_array_equal(sums, found["magnetization"])
        up, right = np.roll(found["spins"], 1, 1), np.roll(found["spins"], 1, 2)
        energy = -(found["spins"] * (up + right)).sum(axis=(1, 2), dtype=int)
        np.testing.assert_array_equal(energy, found["energy"])
        self.assertNotIn("seed", found)

    def test_axes_are_columns(self):
        found = blockspin.load(self.path, "lattices.configurations")
        self.assertEqual(list(found)[:2], ["beta_name", "seed"])
        self.assertEqual(found["seed"].dtype, np.int64)
        self.assertEqual(found["spins"].shape, (24, 5, 5))
        self.assertEqual(sorted(set(found["beta_name"])), ["cold", "hot"])
        one = blockspin.load(self.path, "lattices[seed=2,beta_name=cold].configurations")
        here = (found["seed"] == 2) & (found["beta_name"] == "cold")
        np.testing.assert_array_equal(found["spins"][here], one["spins"])

    def test_files_are_joined(self):
        listed = blockspin.call("show", self.path, "lattices[seed=1,beta_name=hot].configurations", "--path", "--json")
        self.assertEqual(len(json.loads(listed)[0]["paths"]), 2)

    def test_pandas(self):
        frame = blockspin.load(self.path, "moments.by_beta", as_="pandas")
        self.assertEqual(len(frame), 8)
        self.assertEqual(str(frame["seed"].dtype), "int64")
        self.assertIn("binder", frame.columns)
        spins = blockspin.load(self.path, "lattices.configurations", as_="pandas")["spins"]
        self.assertEqual(spins[0].shape, (5, 5))

    def test_polars(self):
        frame = blockspin.load(self.path, "lattices.configurations", as_="polars")
        self.assertEqual(frame["seed"].dtype, __import__("polars").Int64)
        self.assertEqual(frame["spins"].dtype.shape, (5, 5))
        self.assertEqual(frame["beta_name"].to_list()[0], "cold")

    def test_shapes_that_differ(self):
        with self.assertRaisesRegex(blockspin.Error, "different shapes"):
            blockspin.load(self.path, "sizes.configurations")

    def test_not_computed(self):
        with self.assertRaisesRegex(blockspin.Error, "nobody has not been computed"):
            blockspin.load(self.path, "nobody.configurations")

    def test_set(self):
        with self.assertRaisesRegex(blockspin.Error, "has not been computed"):
            blockspin.load(self.path, "lattices.configurations", set={"size": 7})


@unittest.skipIf(pyarrow, "needs that there is no pyarrow")
@unittest.skipUnless(os.environ.get("BLOCKSPIN"), "needs BLOCKSPIN")
class WithoutPyarrow(unittest.TestCase):
    def test_it_says_what_to_install(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "p.yaml")
            with open(path, "w") as file:
                file.write(PIPELINE)
            blockspin.call("run", path, "--only", "nobody")
            with self.assertRaisesRegex(blockspin.Error, "pip install pyarrow"):
                blockspin.load(path, "nobody.configurations")


if __name__ == "__main__":
    unittest.main()
