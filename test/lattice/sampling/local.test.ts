import fc from "fast-check";
import { expect, test } from "vitest";
import { LANES, LocalChains, type LocalRule } from "../../../src/lattice/sampling/local.ts";
import {
  heatBathThresholds,
  metropolisThresholds,
} from "../../../src/lattice/sampling/thresholds.ts";
import { unpackSpins } from "../../../src/lattice/spins.ts";
import { nextWord } from "../../random/words.ts";
import { neighboursOf } from "../brute-force.ts";
import { streams } from "./streams.ts";

/** Words that a site draws for itself, and then a pair of sites at least together. */
const OWN = 5;
const SHARED = 6;

/** A site's update: what each chain decides, and how its u compares with p, if that is known. */
interface Update {
  readonly site: number;
  readonly decisions: readonly ReturnType<typeof decide>[];
  readonly isLess: (boolean | undefined)[];
  coin: (chain: number) => number;
}

/** One block, site by site and chain by chain, from the definition of the updates. */
class Twin {
  /** spins[chain][site]. */
  readonly spins: Int8Array[];
  changed = 0;
  readonly #size: number;
  readonly #states: BigUint64Array[];

  constructor(size: number, states: BigUint64Array[]) {
    this.#size = size;
    this.#states = states;
    this.spins = Array.from({ length: LANES }, () => new Int8Array(size * size));
    for (let site = 0; site < size * size; site++) {
      const bits = this.#draw();
      for (const [chain, spins] of this.spins.entries()) spins[site] = bits(chain) ? 1 : -1;
    }
  }

  /** A 128-bit word as a function of the chain. */
  #draw(): (chain: number) => number {
    const halves = this.#states.map(nextWord);
    return (chain) => Number((halves[chain >> 6]! >> BigInt(chain & 63)) & 1n);
  }

  sweep(rule: LocalRule, beta: number): void {
    const size = this.#size;
    if (size % 2) {
      for (let site = 0; site < size * size; site++) this.#update([site], rule, beta);
      return;
    }
    // Each site of the sublattice in an even row, with the one right and below of it.
    for (const parity of [0, 1]) {
      for (let y = 0; y < size; y += 2) {
        for (let x = parity; x < size; x += 2) {
          this.#update([y * size + x, (y + 1) * size + ((x + 1) % size)], rule, beta);
        }
      }
    }
  }

  #update(sites: readonly number[], rule: LocalRule, beta: number): void {
    const updates = sites.map((site) => this.#begin(site, rule, beta));
    // Where both are open, the first one comes later, with words of its own.
    const [first, second] = updates;
    const isLate = (chain: number) => second && isOpen(first!, chain) && isOpen(second, chain);
    const late = [...this.spins.keys()].filter(isLate);
    const open = (update: Update) =>
      [...this.spins.keys()].filter(
        (chain) => isOpen(update, chain) && !(update === first && late.includes(chain)),
      );
    this.#finish(updates.flatMap((update) => open(update).map((chain) => ({ update, chain }))));
    if (late.length > 0) this.#finish(late.map((chain) => ({ update: first!, chain })));
    for (const update of updates) this.#set(update);
  }

  #begin(site: number, rule: LocalRule, beta: number): Update {
    const decisions = this.spins.map((spins) => {
      const field = neighboursOf(site, this.#size).reduce((sum, i) => sum + spins[i]!, 0);
      return decide(rule, beta, spins[site]!, field);
    });
    const update: Update = {
      site,
      decisions,
      isLess: decisions.map(() => undefined),
      coin: Number,
    };
    for (let i = 0; i < OWN; i++) {
      update.coin = this.#draw();
      for (const chain of decisions.keys()) compare(update, chain, i, update.coin(chain));
    }
    return update;
  }

  /** Draws words until all these chains have decided. */
  #finish(chains: readonly { update: Update; chain: number }[]): void {
    const isAnyOpen = () => chains.some(({ update, chain }) => isOpen(update, chain));
    for (let i = OWN; i < OWN + SHARED || (i < 64 && isAnyOpen()); i++) {
      const bits = this.#draw();
      for (const { update, chain } of chains) compare(update, chain, i, bits(chain));
    }
  }

  #set({ site, decisions, isLess, coin }: Update): void {
    for (const [chain, { p, otherwise, hit }] of decisions.entries()) {
      const spins = this.spins[chain]!;
      const tossed = coin(chain) ? 1 : -1;
      const next = p === undefined ? (otherwise ?? tossed) : isLess[chain] ? hit : otherwise!;
      if (next !== spins[site]) this.changed++;
      spins[site] = next;
    }
  }
}

function isOpen({ decisions, isLess }: Update, chain: number): boolean {
  return decisions[chain]!.p !== undefined && isLess[chain] === undefined;
}

/** Compares bit 63 - `word` of u with that of p. */
function compare(update: Update, chain: number, word: number, u: number): void {
  if (!isOpen(update, chain)) return;
  const bit = Number((update.decisions[chain]!.p! >> BigInt(63 - word)) & 1n);
  if (u !== bit) update.isLess[chain] = u === 0;
}

/** `hit` with probability p, else `otherwise`; without p, `otherwise` or the toss of a coin. */
function decide(rule: LocalRule, beta: number, spin: number, field: number) {
  if (rule === "metropolis") {
    const cost = 2 * spin * field;
    if (cost <= 0) return { p: undefined, otherwise: -spin, hit: -spin };
    return { p: metropolisThresholds(beta)[cost / 4 - 1]!, otherwise: spin, hit: -spin };
  }
  if (field === 0) return { p: undefined, otherwise: undefined, hit: 0 };
  const along = Math.sign(field);
  const p = heatBathThresholds(beta)[Math.abs(field) / 2 - 1]!;
  return { p, otherwise: along, hit: -along };
}

for (const rule of ["metropolis", "heat-bath"] as const) {
  test(`LocalChains("${rule}") follows a twin, site by site, on random lattices`, () => {
    const others = rule === "heat-bath" ? [2, 3, 5] : [8];
    const cases = fc.record({
      size: fc.constantFrom(4, 6, ...others),
      beta: fc.constantFrom(0.01, 0.2, 0.4406867935, 1, 8),
      sweeps: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(cases, ({ size, beta, sweeps, seed }) => {
        const random = (block: number, half: number) => streams("twin")(seed, block, half);
        const chains = new LocalChains(rule, { size, beta, chains: 130, start: "hot", random });
        chains.sweep(sweeps);
        const { spins: bits, stride, totals } = chains.read();
        expect(totals.energy.length).toBe(2 * LANES);
        let changed = 0;
        for (const block of [0, 1]) {
          const twin = new Twin(size, [random(block, 0).state(), random(block, 1).state()]);
          for (let i = 0; i < sweeps; i++) twin.sweep(rule, beta);
          changed += twin.changed;
          for (const [chain, spins] of twin.spins.entries()) {
            const row = block * LANES + chain;
            const got = unpackSpins(bits, stride, row, row + 1).subarray(0, size * size);
            expect([...got]).toEqual([...spins]);
          }
        }
        expect(chains.acceptance()).toBe(changed / (2 * LANES * size * size * sweeps));
      }),
      { seed: 4, numRuns: 12 },
    );
  });
}

test("LocalChains.sweep(a) and sweep(b) are sweep(a + b)", () => {
  const options = {
    size: 6,
    beta: 0.4,
    chains: 128,
    start: "cold",
    random: streams("sum"),
  } as const;
  const [once, twice] = [
    new LocalChains("heat-bath", options),
    new LocalChains("heat-bath", options),
  ];
  once.sweep(7);
  twice.sweep(3);
  twice.sweep(4);
  expect(twice.read()).toEqual(once.read());
});

test("what a chain of LocalChains does depends neither on the number of chains nor on others", () => {
  const options = { size: 4, beta: 0.4, start: "hot", random: streams("prefix") } as const;
  const few = new LocalChains("metropolis", { ...options, chains: 3 });
  const many = new LocalChains("metropolis", { ...options, chains: 300 });
  for (const chains of [few, many]) chains.sweep(5);
  expect(few.read().totals.energy).toEqual(many.read().totals.energy.subarray(0, LANES));
});

test("LocalChains starts cold with all spins up", () => {
  const options = { beta: 0.4, chains: 1, start: "cold", random: streams("cold") } as const;
  const chains = new LocalChains("heat-bath", { ...options, size: 5 });
  const { magnetization } = chains.read().totals;
  expect(new Set(magnetization)).toEqual(new Set([25]));
});

test("LocalChains refuses Metropolis where it is not ergodic", () => {
  // On the 2x2 torus with unequal spins on each diagonal every field is 0, and all spins flip in
  // every sweep. Odd sizes have no sublattices.
  const options = { beta: 0.4, chains: 1, start: "cold", random: streams("cold") } as const;
  for (const size of [2, 3, 5]) {
    const make = () => new LocalChains("metropolis", { ...options, size });
    expect(make).toThrow(`expected an even size of at least 4, got ${size}`);
  }
});
