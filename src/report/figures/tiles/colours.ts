/** Numbers → colours of a palette. Knows nothing of tiles. */
import { diverging, sequential } from "../theme.ts";

type Rgba = readonly [number, number, number, number];

/** A palette: the first colour is the gap between tiles, the second stands for what is not a number. */
export interface Scale {
  readonly palette: readonly number[][];
  /** The colours from low to high, for a legend. */
  readonly stops: readonly string[];
  readonly kind: "diverging" | "sequential" | "binary";
  readonly low: number;
  readonly high: number;
  indexOf(value: number, range?: readonly [number, number]): number;
}

const gap: Rgba = [128, 128, 128, 70];
const nothing: Rgba = [128, 128, 128, 140];
const levels = 127;
/** Spins down and up, or no and yes. */
const two = ["#1d3557", "#f3e5c8"];

export function scaleOf(kind: Scale["kind"], low: number, high: number): Scale {
  const stops = kind === "binary" ? two : kind === "diverging" ? diverging : sequential;
  const count = kind === "binary" ? 2 : levels;
  const colours = Array.from({ length: count }, (_, i) => mix(stops, i / (count - 1)));
  return {
    palette: [gap, nothing, ...colours].map((colour) => [...colour]),
    ...{ stops, kind, low, high },
    indexOf(value, [from, to] = [low, high]) {
      if (!Number.isFinite(value)) return 1;
      if (kind === "binary") return value > (from + to) / 2 ? 3 : 2;
      const share = to > from ? (value - from) / (to - from) : 0.5;
      return 2 + Math.round(Math.min(1, Math.max(0, share)) * (count - 1));
    },
  };
}

/** The range of the numbers of some tiles; symmetric about zero for a diverging scale. */
export function rangeOf(
  kind: Scale["kind"],
  tiles: Iterable<{ readonly values: readonly number[] }>,
): readonly [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of tiles) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [0, 1];
  const most = Math.max(Math.abs(low), Math.abs(high));
  return kind === "diverging" ? [-most, most] : [low, high];
}

function mix(stops: readonly string[], share: number): Rgba {
  const at = share * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  const [a, b] = [channels(stops[i]!), channels(stops[i + 1]!)];
  const [red, green, blue] = a.map((value, c) => Math.round(value + (b[c]! - value) * (at - i)));
  return [red!, green!, blue!, 255];
}

function channels(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}
