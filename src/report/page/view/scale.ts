/** An axis of a small plot: where a number lies, from 0 to 100. Knows no markup. */

export interface Scale {
  readonly ticks: readonly number[];
  /** Clamped to the axis; NaN for what is no number. */
  at(x: number): number;
}

/** Room at both ends, in the same unit. */
const margin = 4;

/** @param log - numbers are ratios */
export function scaleOf(numbers: readonly number[], log: boolean): Scale {
  const usable = numbers.filter((x) => Number.isFinite(x) && (!log || x > 0));
  const turn = (x: number) => (log ? Math.log(x) : x);
  const all = usable.map(turn);
  const [min, max] = [Math.min(...all), Math.max(...all)];
  const span = max - min || 1;
  const at = (x: number) => {
    if (Number.isNaN(x)) return Number.NaN;
    const part = log && x <= 0 ? 0 : (turn(x) - min) / span;
    return margin + Math.min(1, Math.max(0, part)) * (100 - 2 * margin);
  };
  return { ticks: usable.length === 0 ? [] : log ? logTicks(usable) : niceTicks(min, max), at };
}

/** A few round numbers between two. */
function niceTicks(min: number, max: number): number[] {
  const rough = (max - min || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough)!;
  const ticks: number[] = [];
  for (let k = Math.ceil(min / step); k * step <= max + step * 1e-9; k++) {
    ticks.push(Number((k * step).toPrecision(12)));
  }
  return ticks;
}

function logTicks(numbers: readonly number[]): number[] {
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
  const from = Math.floor(Math.log10(min));
  const to = Math.ceil(Math.log10(max));
  const steps = to - from > 3 ? [1] : to - from > 1 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = from; power <= to; power++) {
    for (const step of steps) ticks.push(Number((step * 10 ** power).toPrecision(12)));
  }
  const inside = ticks.filter((x) => x >= min * 0.999 && x <= max * 1.001);
  return inside.length > 1 ? inside : [min, max];
}
