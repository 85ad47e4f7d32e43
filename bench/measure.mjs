/** Measures two sides of a comparison in turn, so that noise falls on both. Knows no benchmark. */

/**
 * @typedef {() => Promise<number>} Side Does the work once more; seconds per unit of it.
 *
 * @typedef {object} Comparison
 * @property {number} ours Median seconds per unit.
 * @property {number} peer The same of the peer; without one, this and the rest are left out.
 * @property {number} ratio Median of the peer's time over ours; above 1 we are faster.
 * @property {number} low Lower quartile of that ratio.
 * @property {number} high Upper quartile.
 */

/**
 * Runs each side once to warm up, then both in every repetition; they take turns in being first.
 *
 * @param {Side} ours
 * @param {Side | undefined} peer
 * @returns {Promise<Comparison>}
 */
export async function compare(ours, peer, repetitions = 7) {
  const sides = peer ? [ours, peer] : [ours];
  for (const side of sides) await side();
  const seconds = sides.map(() => []);
  for (let i = 0; i < repetitions; i++) {
    const order = i % 2 ? sides.toReversed() : sides;
    for (const side of order) seconds[sides.indexOf(side)].push(await side());
  }
  const [us, them] = seconds;
  if (!them) return { ours: quantile(us, 0.5) };
  const ratios = them.map((peer, i) => peer / us[i]);
  const [low, ratio, high] = [0.25, 0.5, 0.75].map((q) => quantile(ratios, q));
  return { ours: quantile(us, 0.5), peer: quantile(them, 0.5), ratio, low, high };
}

/**
 * A side that counts the processor time of this process, all threads together, so that other programs
 * disturb little.
 *
 * @param {number} units in what `work` does
 * @param {() => unknown} work
 * @param {() => unknown} before every repetition; not counted
 * @returns {Side}
 */
export function onCpu(units, work, before = () => {}) {
  return async () => {
    await before();
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6 / units;
  };
}

/** A side that counts seconds on the clock, for the work of other processes. */
export function onClock(work) {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (at - Math.floor(at)) * (above - below);
}

/** About three significant digits, without an exponent. */
export function digits(x) {
  if (x >= 100) return x.toFixed(0);
  if (x >= 10) return x.toFixed(1);
  return x >= 1 ? x.toFixed(2) : x.toPrecision(2);
}
