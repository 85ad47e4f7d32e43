"""What needs no Arrow: buffers, shapes, axes, joining."""

import unittest

import numpy as np
from blockspin._arrays import axis_column, joined, shape_of, signs
from blockspin._load import _written, join_members


class Signs(unittest.TestCase):
    def test_every_start_and_length(self):
        generator = np.random.default_rng(1)
        bits = generator.integers(0, 2, 100)
        buffer = np.packbits(bits, bitorder="little").tobytes()
        expected = np.where(bits == 1, 1, -1).astype(np.int8)
        for start in range(20):
            for count in range(0, 80, 7):
                found = signs(buffer, start, count)
                self.assertEqual(found.dtype, np.int8)
                np.testing.assert_array_equal(found, expected[start : start + count])

    def test_no_rows(self):
        self.assertEqual(signs(b"", 0, 0).shape, (0,))


class Shapes(unittest.TestCase):
    tensor = {
        b"ARROW:extension:name": b"arrow.fixed_shape_tensor",
        b"ARROW:extension:metadata": b'{"shape":[2,3]}',
    }

    def test_as_the_metadata_say(self):
        self.assertEqual(shape_of(self.tensor, 6), (2, 3))
        self.assertEqual(shape_of(None, 6), (6,))
        self.assertEqual(shape_of({b"ARROW:extension:name": b"other"}, 6), (6,))

    def test_a_shape_of_another_size(self):
        with self.assertRaisesRegex(ValueError, "rows of 5 numbers"):
            shape_of(self.tensor, 5)


class Axes(unittest.TestCase):
    def test_types(self):
        for values, kind in [
            ([1, 2], np.int64),
            ([1, 2.5], np.float64),
            ([True, False], np.bool_),
            (["a", "b"], object),
            (["a", None], object),
        ]:
            column = axis_column(values, [2, 1])
            self.assertEqual(column.dtype, kind)
            self.assertEqual(column.tolist(), [values[0], values[0], values[1]])

    def test_join(self):
        found = [
            {"id": "a[s=1]", "coordinate": {"s": 1}, "rows": 2},
            {"id": "a[s=2]", "coordinate": {"s": 2}, "rows": 1},
        ]
        tables = [{"x": np.array([1.0, 2.0])}, {"x": np.array([3.0])}]
        columns = join_members(found, tables)
        self.assertEqual(list(columns), ["s", "x"])
        self.assertEqual(columns["s"].tolist(), [1, 1, 2])
        self.assertEqual(columns["x"].tolist(), [1, 2, 3])
        with self.assertRaisesRegex(ValueError, "other columns"):
            join_members(found, [tables[0], {"y": np.array([3.0])}])
        with self.assertRaisesRegex(ValueError, "is an axis and a column"):
            join_members(found, [{"s": np.zeros(2)}, {"s": np.zeros(1)}])

    def test_shapes_that_differ(self):
        with self.assertRaisesRegex(ValueError, "different shapes"):
            joined("spins", [np.zeros((1, 8, 8)), np.zeros((1, 16, 16))])


class Settings(unittest.TestCase):
    def test_as_set_reads_them(self):
        self.assertEqual([_written(v) for v in ("x", 1, [1, 2], True)], ["x", "1", "[1, 2]", "true"])


if __name__ == "__main__":
    unittest.main()
