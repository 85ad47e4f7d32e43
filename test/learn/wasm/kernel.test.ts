import fc from "fast-check";
import { expect, test } from "vitest";
import { energyPerSite } from "../../../src/learn/layers/energy.ts";
import { fineSize, windowCells } from "../../../src/learn/layers/windows.ts";
import { floatRows } from "../../../src/learn/rows.ts";
import { columnSums, compareRows, packBits } from "../../../src/learn/wasm/arrays.ts";
import { kernel, type Lent, lend } from "../../../src/learn/wasm/kernel.ts";
import { memory } from "../../../src/learn/wasm/memory.ts";
import { createMemory, instantiate } from "../../../src/math/index.ts";

// What WebAssembly does several numbers at a time, against the same number by number, rounded to float32
// after every operation.

const f = Math.fround;
const numbers = (length: number) =>
  fc.float32Array({ minLength: length, maxLength: length, noNaN: true });
const pairs = fc
  .integer({ min: 1, max: 37 })
  .chain((length) => fc.tuple(numbers(length), numbers(length)));
/** Of the size of outputs and targets. */
const small = (length: number) =>
  fc.float32Array({ minLength: length, maxLength: length, noNaN: true, min: -1, max: 1 });
const smallPairs = fc
  .integer({ min: 1, max: 37 })
  .chain((length) => fc.tuple(small(length), small(length)));

test("the kernel brings no numbers of its own into its memory", () => {
  const memory = createMemory();
  memory.grow(1);
  new Uint8Array(memory.buffer).fill(7);
  instantiate("learn", memory);
  expect(new Uint8Array(memory.buffer).every((byte) => byte === 7)).toBe(true);
});

/** What `act` makes of the first array. */
function inPlace(arrays: readonly Float32Array[], act: (...lent: Lent[]) => void): Float32Array {
  return lend(arrays, (...lent) => {
    act(...lent);
    return lent[0]!.view.slice(0, arrays[0]!.length);
  });
}

test("the mean squared error and its gradient are those of the formula", () => {
  fc.assert(
    fc.property(smallPairs, ([y, t]) => {
      let value = 0;
      const gradient = inPlace([new Float32Array(y.length), y, t], (to, ours, theirs) => {
        value = kernel.squaredErrors(ours.at, theirs.at, to.at, y.length, 0.1);
      });
      const errors = y.map((value, i) => f(value - t[i]!));
      expect(gradient).toEqual(errors.map((error) => f(f(0.1) * error)));
      const sum = errors.reduce((total, error) => total + error * error, 0);
      // At most 37 sums in float64.
      expect(Math.abs(value - sum)).toBeLessThan(1e-13);
    }),
  );
});

test.each([
  ["tanh", 0.5, 0.5],
  ["sigmoid", 1, 0],
] as const)(
  "the cross entropy after %s and its gradient are those of the formula",
  (_, scale, shift) => {
    fc.assert(
      fc.property(smallPairs, ([given, t]) => {
        const y = scale === 1 ? given.map(Math.abs) : given;
        let value = 0;
        const gradient = inPlace([new Float32Array(64), y, t], (to, ours, theirs) => {
          value = kernel.crossEntropy(ours.at, theirs.at, to.at, y.length, scale, shift, 0.25);
        });
        let sum = 0;
        for (const [i, output] of y.entries()) {
          const [p, q] = [scale * output + shift, (1 + t[i]!) / 2];
          sum -= q * Math.log(Math.max(1e-7, p)) + (1 - q) * Math.log(Math.max(1e-7, 1 - p));
          const want = 0.25 * (output - (scale === 1 ? q : t[i]!));
          expect(Math.abs(gradient[i]! - want)).toBeLessThan(1e-7);
        }
        // Each term is below 17 and rounded a few times to 24 bits.
        expect(Math.abs(value - sum)).toBeLessThan(y.length * 17 * 4 * 2 ** -24);
        expect(gradient.subarray(y.length).every((x) => x === 0)).toBe(true);
      }),
    );
  },
);

test("relu and sign, and all derivatives, have the bits of their formulas", () => {
  fc.assert(
    fc.property(pairs, ([z, gradient]) => {
      const through = (name: `through${"Tanh" | "Sigmoid" | "Relu" | "Sign"}`) =>
        inPlace([gradient, z], (to, values) => kernel[name](to.at, values.at, to.view.length));
      expect(inPlace([z], ({ at, view }) => kernel.relu(at, view.length))).toEqual(
        z.map((x) => (x > 0 ? x : 0)),
      );
      expect(inPlace([z, z], (to, from) => kernel.sign(from.at, to.at, to.view.length))).toEqual(
        z.map((x) => (x >= 0 ? 1 : -1)),
      );
      const products = (slope: (x: number) => number) => gradient.map((g, i) => g * slope(z[i]!));
      expect(through("throughTanh")).toEqual(products((x) => f(f(1 - x) * f(1 + x))));
      expect(through("throughSigmoid")).toEqual(products((x) => f(x * f(1 - x))));
      const kept = (isKept: (x: number) => boolean) =>
        gradient.map((g, i) => (isKept(z[i]!) ? g : 0));
      expect(through("throughRelu")).toEqual(kept((x) => x > 0));
      expect(through("throughSign")).toEqual(kept((x) => Math.abs(x) <= 1));
    }),
  );
});

test("sigmoid is within 4 units in the last place, also where it is small", () => {
  const z = Float32Array.from({ length: 17_400 }, (_, i) => (i - 8700) / 100);
  const y = inPlace([z], ({ at, view }) => kernel.sigmoid(at, view.length));
  for (const [i, x] of z.entries()) {
    const want = 1 / (1 + Math.exp(-x));
    const unit = 2 ** (Math.floor(Math.log2(want)) - 23);
    expect(Math.abs(y[i]! - want) / unit).toBeLessThan(4);
  }
  const ends = Float32Array.of(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN);
  const [low, high, none] = inPlace([ends], ({ at, view }) => kernel.sigmoid(at, view.length));
  expect([low! < 1e-37, high, none]).toEqual([true, 1, Number.NaN]);
});

test("a step of adam and of sgd, and a penalty, have the bits of their formulas", () => {
  const four = fc
    .integer({ min: 1, max: 37 })
    .chain((length) => fc.tuple(...[0, 1, 2, 3].map(() => small(length))));
  fc.assert(
    fc.property(four, ([p, g, m, root]) => {
      const v = root!.map((x) => x * x);
      const [rate, fresh1, fresh2, correction, epsilon] = [0.01, 0.1, 0.001, 30, 1e-8].map(f) as [
        number,
        ...[number, number, number, number],
      ];
      const moved = inPlace([p!, g!, m!, v], (a, b, c, d) => {
        const all = [a.at, b.at, c.at, d.at] as const;
        kernel.adam(...all, a.view.length, rate, fresh1, fresh2, correction, epsilon);
      });
      const wanted = p!.map((x, i) => {
        const first = f(m![i]! + f(fresh1 * f(g![i]! - m![i]!)));
        const second = f(v[i]! + f(fresh2 * f(f(g![i]! * g![i]!) - v[i]!)));
        const size = f(f(Math.sqrt(f(second * correction))) + epsilon);
        return x - f(f(rate * first) / size);
      });
      expect(moved).toEqual(wanted);
      const rolled = inPlace([p!, g!, m!], (a, b, c) => {
        kernel.sgd(a.at, b.at, c.at, a.view.length, rate, fresh1);
      });
      expect(rolled).toEqual(p!.map((x, i) => x - f(rate * f(f(fresh1 * m![i]!) + g![i]!))));
      const pulled = inPlace([g!, p!], (a, b) => {
        kernel.penalize(a.at, b.at, a.view.length, rate, fresh1);
      });
      expect(pulled).toEqual(
        g!.map((x, i) => x + f(f(rate * Math.sign(p![i]!)) + f(f(2 * fresh1) * p![i]!))),
      );
    }),
  );
});

test("energies and their gradients have the bits of their formulas, on lattices of any side", () => {
  const lattices = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 7 }))
    .chain(([rows, side]) =>
      fc.tuple(fc.constant(side), numbers(rows * side * side), numbers(rows)),
    );
  fc.assert(
    fc.property(lattices, ([side, x, dz]) => {
      const [sites, rows] = [side * side, dz.length];
      const at = (row: number, y: number, i: number) =>
        x[row * sites + ((y + side) % side) * side + ((i + side) % side)]!;
      const slopes = Float32Array.from(x, (_, site) => {
        const row = Math.floor(site / sites);
        const [y, i] = [Math.floor((site % sites) / side), site % side];
        const [left, right] = [at(row, y, i - 1), at(row, y, i + 1)];
        return (-dz[row]! / sites) * (left + right + at(row, y - 1, i) + at(row, y + 1, i));
      });
      const energies = Float32Array.from({ length: rows }, (_, row) =>
        energyPerSite(x.subarray(row * sites, (row + 1) * sites), side),
      );
      const found = inPlace([new Float32Array(rows), x], (to, from) =>
        kernel.energies(from.at, rows, side, to.at),
      );
      expect(found).toEqual(energies);
      const turned = inPlace([new Float32Array(x.length), x, dz], (to, from, factors) =>
        kernel.energyGradients(from.at, rows, side, factors.at, to.at),
      );
      expect(turned).toEqual(slopes);
    }),
  );
});

test("columnSums() rounds once, and repeat() turns it back, for any number of rows and columns", () => {
  const matrices = fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 21 }))
    .chain(([rows, columns]) => fc.tuple(fc.constant(columns), numbers(rows * columns)));
  fc.assert(
    fc.property(matrices, ([columns, values]) => {
      const expected = Float32Array.from({ length: columns }, (_, column) =>
        values.reduce((sum, value, at) => (at % columns === column ? sum + value : sum), 0),
      );
      expect(columnSums(values, columns)).toEqual(expected);
      const rows = values.length / columns;
      if (rows === 0) return;
      const line = values.slice(0, columns);
      const lines = inPlace([new Float32Array(values.length), line], (to, from) =>
        kernel.repeat(from.at, rows, columns, to.at),
      );
      expect(lines).toEqual(values.map((_, i) => line[i % columns]!));
    }),
  );
});

test("gather() and scatter() go through the windows number by number", () => {
  const shapes = fc
    .record({
      ...{ rows: fc.integer({ min: 1, max: 3 }), columns: fc.integer({ min: 1, max: 4 }) },
      ...{ stride: fc.integer({ min: 1, max: 2 }), side: fc.integer({ min: 1, max: 3 }) },
      ...{ fine: fc.constantFrom(1, 2, 3, 4, 8), coarse: fc.constant(1) },
      lattices: fc.integer({ min: 1, max: 3 }),
    })
    .filter(({ rows, columns, stride, side }) => side <= stride * Math.min(rows, columns))
    .chain((windows) => {
      const size = windows.lattices * fineSize(windows);
      const cells = windowCells(windows).length * windows.fine * windows.lattices;
      return fc.tuple(fc.constant(windows), numbers(size), small(cells));
    });
  fc.assert(
    fc.property(shapes, ([windows, values, added]) => {
      const { fine, lattices } = windows;
      const [size, cells] = [fineSize(windows), windowCells(windows)];
      const place = (i: number) => {
        const [lattice, cell] = [Math.floor(i / fine / cells.length), Math.floor(i / fine)];
        return lattice * size + cells[cell % cells.length]! + (i % fine);
      };
      const index = (lent: Lent) => {
        new Uint32Array(memory.buffer, lent.at, cells.length).set(cells);
        return [lent.at, cells.length, fine] as const;
      };
      const room = new Float32Array(cells.length);
      const seen = inPlace([new Float32Array(added.length), values, room], (to, from, cell) =>
        kernel.gather(from.at, lattices, size, ...index(cell), to.at),
      );
      expect(seen).toEqual(added.map((_, i) => values[place(i)]!));
      const sums = inPlace([values.slice(), added, room], (to, from, cell) =>
        kernel.scatter(from.at, lattices, size, ...index(cell), to.at),
      );
      const expected = values.slice();
      for (const [i, value] of added.entries()) expected[place(i)]! += value;
      expect(sums).toEqual(expected);
    }),
  );
});

test("unpackSpins() gives what packBits() has packed", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(-1, 1), { minLength: 8, maxLength: 80 }), (all) => {
      const spins = Float32Array.from(all.slice(0, 8 * Math.floor(all.length / 8)));
      const bits = packBits(spins, 0);
      const found = inPlace([new Float32Array(spins.length), new Float32Array(20)], (to, from) => {
        new Uint8Array(memory.buffer, from.at, bits.length).set(bits);
        kernel.unpackSpins(from.at, bits.length, to.at);
      });
      expect(found).toEqual(spins);
    }),
  );
});

test("compareRows() sums what the formulas say, row by row, for any width", () => {
  const rows = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 21 }))
    .chain(([count, width]) => {
      const spins = fc.array(fc.constantFrom(-1, 1), {
        ...{ minLength: count * width, maxLength: count * width },
      });
      return fc.tuple(fc.constant(width), small(count * width), small(count * width), spins);
    });
  fc.assert(
    fc.property(rows, ([width, image, flipped, spins]) => {
      const given = floatRows(spins, width);
      const { squares, same, defects } = compareRows(image, given, flipped);
      for (let row = 0; row < given.rows; row++) {
        let [square, sites, defect] = [0, 0, 0];
        for (let i = row * width; i < (row + 1) * width; i++) {
          square += f(f(image[i]! - spins[i]!) ** 2);
          sites += image[i]! >= 0 === spins[i]! > 0 ? 1 : 0;
          defect += Math.abs(f(image[i]! + flipped[i]!));
        }
        expect(same[row]).toBe(sites);
        // Some 21 sums of float64 numbers below 4.
        expect(Math.abs(squares[row]! - square)).toBeLessThan(1e-12);
        expect(Math.abs(defects[row]! - defect)).toBeLessThan(1e-12);
      }
      expect(compareRows(image, given)).toEqual({ squares, same, defects: defects.map(() => 0) });
    }),
  );
});

test("compareRows() and packBits() go on where a block ends", () => {
  const [width, count] = [97, 1500];
  const values = Float32Array.from({ length: width * count }, (_, i) => Math.sin(i * i));
  const spins = Float32Array.from(values, (_, i) => (Math.cos(i) > 0 ? 1 : -1));
  const { same } = compareRows(values, floatRows(spins, width));
  const bits = packBits(values, 0.25);
  for (let row = 0; row < count; row++) {
    let sites = 0;
    for (let i = row * width; i < (row + 1) * width; i++) {
      sites += values[i]! >= 0 === spins[i]! > 0 ? 1 : 0;
      if (((bits[i >> 3]! >> (i & 7)) & 1) !== Number(values[i]! >= 0.25)) throw new Error(`${i}`);
    }
    expect(same[row]).toBe(sites);
  }
  // The smallest float32 above 0 tells 0 from what is above it.
  expect([...packBits(Float32Array.of(0, 2 ** -149, -1, 1), 2 ** -149)]).toEqual([0b1010]);
});
