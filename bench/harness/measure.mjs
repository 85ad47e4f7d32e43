/**
 * Runs the sides of a comparison in turn, so that noise falls on all of them. Knows no job.
 *
 * @typedef {object} Sample What one repetition of the work took.
 * @property {number} cpu Processor seconds, all threads and child processes together.
 * @property {number} wall Seconds on the clock.
 * @property {number} units How many units of work it did.
 * @property {number} [check] A number that all sides must agree on.
 * @property {number} [peak] MiB of memory at most.
 *
 * @typedef {object} Side
 * @property {string} version
 * @property {() => Promise<Sample>} once Does the work once more.
 * @property {() => unknown} [close]
 */

/** A peer is not on this machine; the message says what is missing. */
export class Missing extends Error {}

/**
 * Runs each side once to warm up, then all in every repetition; they take turns in being first. There
 * are so many repetitions as the seconds allow, at least 2 and at most `most`; with 0 seconds only the first
 * run, which then counts.
 *
 * @param {Record<string, Side>} sides by name
 * @param {boolean} isWarm The first run counts like all others: whole processes, whose files are cached.
 * @returns {Promise<Record<string, Sample[]>>}
 */
export async function inTurn(sides, seconds, isWarm = false, most = 7) {
  const names = Object.keys(sides);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  const began = performance.now();
  for (const name of names) samples[name].push(await sides[name].once());
  const taken = (performance.now() - began) / 1000;
  // What is compiled in the first run must not count, however long all takes.
  const least = isWarm || seconds === 0 ? 0 : 2;
  const repetitions = Math.max(least, Math.min(most, Math.floor((seconds - taken) / taken)));
  if (repetitions < 1) return samples;
  if (!isWarm) for (const name of names) samples[name].length = 0;
  for (let i = 0; i < repetitions; i++) {
    const turn = i % names.length;
    const order = [...names.slice(turn), ...names.slice(0, turn)];
    for (const name of order) samples[name].push(await sides[name].once());
  }
  return samples;
}

/** Median and quartiles. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, median, high] = [0.25, 0.5, 0.75].map((q) => quantile(sorted, q));
  return { median, low, high };
}

function quantile(sorted, q) {
  const at = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (at - Math.floor(at)) * (above - below);
}

/** About three significant digits, without an exponent. */
export function digits(x) {
  if (!Number.isFinite(x)) return String(x);
  if (Math.abs(x) >= 100) return x.toFixed(0);
  if (Math.abs(x) >= 10) return x.toFixed(1);
  return Math.abs(x) >= 1 ? x.toFixed(2) : x.toPrecision(2);
}
