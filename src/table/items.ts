/**
 * The innermost values of columns: their arrays, their ranges, and how to make them from plain arrays.
 * Knows neither tables nor Arrow.
 */
import { packBits } from "../math/bits.ts";
import { isWellFormed } from "./columns.ts";
import type { ScalarName } from "./schema.ts";

export type NumberName = Exclude<ScalarName, "bool" | "utf8">;
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** Numbers as they are stored, bits packed from the least significant, or strings. */
export type Items = NumberArray | readonly string[];

const arrays = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

const ranges: Partial<Record<ScalarName, readonly [number, number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
};

/** Numbers between these need no closer look; those of the other types do. */
const sure: Partial<Record<ScalarName, readonly [number, number]>> = {
  ...ranges,
  float32: [-3.4e38, 3.4e38],
  float64: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
};
const INT64_MAX = 2n ** 63n - 1n;

export function newArray(name: NumberName, length: number): NumberArray {
  return new arrays[name](length);
}

/** Bytes of one number. */
export function widthOf(name: NumberName): number {
  return arrays[name].BYTES_PER_ELEMENT;
}

export function concatNumbers(name: NumberName, parts: readonly NumberArray[]): NumberArray {
  const all = newArray(
    name,
    parts.reduce((total, part) => total + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    // To copy few by a call takes longer.
    if (part.length > numbersByOne) (all as Float64Array).set(part as Float64Array, at);
    else for (let i = 0; i < part.length; i++) all[at + i] = part[i]!;
    at += part.length;
  }
  return all;
}

const numbersByOne = 16;

/** A view of raw bytes; copies them where their address does not suit the type. */
export function viewOf(name: NumberName, bytes: Uint8Array, length: number): NumberArray {
  const size = arrays[name].BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new arrays[name](aligned.buffer as ArrayBuffer, aligned.byteOffset, length);
}

/** The name of the typed array that `value` is (a `Buffer` counts as `Uint8Array`). */
export function arrayName(value: unknown): string | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  return (value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag];
}

/** The typed array that holds items of this type; a `bool` is a byte. */
export function arrayNameOf(name: ScalarName): string | undefined {
  if (name === "utf8") return undefined;
  return name === "bool" ? "Uint8Array" : arrays[name].name;
}

/** Whether `value` is the typed array that holds items of this type. */
export function isArrayOf(name: ScalarName, value: unknown): value is NumberArray {
  if (name === "utf8") return false;
  // A name is found more slowly, and also where another realm made the array.
  return value instanceof arrays[name === "bool" ? "uint8" : name] || hasNameOf(name, value);
}

function hasNameOf(name: ScalarName, value: unknown): boolean {
  return ArrayBuffer.isView(value) && arrayName(value) === arrayNameOf(name);
}

/** The index of the first plain value that cannot be an item of this type; -1 if all can. */
export function firstWrong(name: ScalarName, values: readonly unknown[], nulls: boolean): number {
  const [least, most] = sure[name] ?? [1, 0];
  const isFloat = !(name in ranges);
  // What is equal to it needs no look either.
  let last: unknown = null;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === "number") {
      if (value >= least && value <= most && (isFloat || Number.isInteger(value))) continue;
    } else if (value === null ? nulls : value === last) continue;
    if (objection(name, value) !== undefined) return i;
    last = value;
  }
  return -1;
}

/** Why a plain value cannot be an item of this type; `undefined` if it can. */
export function objection(name: ScalarName, value: unknown): string | undefined {
  if (name === "utf8") {
    if (typeof value !== "string") return `expected a string, got ${show(value)}`;
    return isWellFormed(value) ? undefined : `${show(value)} has half a surrogate pair`;
  }
  if (name === "bool") {
    return value === true || value === false || value === 0 || value === 1
      ? undefined
      : `expected true, false, 0 or 1, got ${show(value)}`;
  }
  if (name === "int64") {
    if (typeof value === "number" && Number.isSafeInteger(value)) return undefined;
    if (typeof value !== "bigint") return `expected a bigint or a safe integer, got ${show(value)}`;
    return value >= -INT64_MAX - 1n && value <= INT64_MAX ? undefined : outOfRange(name, value);
  }
  if (typeof value !== "number") return `expected a number, got ${show(value)}`;
  const range = ranges[name];
  if (range) {
    if (!Number.isInteger(value)) return `expected an integer, got ${show(value)}`;
    return value >= range[0] && value <= range[1] ? undefined : outOfRange(name, value);
  }
  const lost = name === "float32" && Number.isFinite(value) && !Number.isFinite(Math.fround(value));
  return lost ? outOfRange(name, value) : undefined;
}

function outOfRange(name: ScalarName, value: number | bigint): string {
  return `${show(value)} is out of range for ${name}`;
}

/** A wrong value, as a message shows it. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "function") return "a function: is a call missing?";
  if (typeof value !== "object" || value === null) return String(value);
  if (isPromise(value)) return "a Promise: is an `await` missing?";
  return Array.isArray(value) ? "an array" : "an object";
}

export function isPromise(value: object): boolean {
  return typeof (value as { then?: unknown }).then === "function";
}

/** Items from plain values that passed `objection`; nulls become zero or the empty string. */
export function toItems(name: ScalarName, values: readonly unknown[]): Items {
  if (name === "utf8") {
    if (!values.includes(null)) return values as readonly string[];
    return values.map((value) => (value as string | null) ?? "");
  }
  if (name === "bool") return packBits(values as readonly (boolean | number | null)[]);
  if (name === "int64")
    return BigInt64Array.from(values, (value) => BigInt((value as bigint) ?? 0));
  const items = newArray(name, values.length);
  for (let i = 0; i < items.length; i++) items[i] = (values[i] as number | null) ?? 0;
  return items;
}

/** Whether there is a NaN, whose bits would have to be made canonical. */
export function hasNaN(values: NumberArray): boolean {
  if (!isFloats(values)) return false;
  // A sum without a NaN has none in it, and a sum costs less than a comparison of each.
  return Number.isNaN(sumOf(values)) && values.some(Number.isNaN);
}

function isFloats(values: NumberArray): values is Float64Array | Float32Array {
  return values instanceof Float64Array || values instanceof Float32Array;
}

/** Four sums do not wait for each other. */
function sumOf(values: Float64Array | Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i]!;
    b += values[i + 1]!;
    c += values[i + 2]!;
    d += values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) a += values[i]!;
  return a + b + c + d;
}

/** Gives every NaN the bits of the canonical quiet NaN, in place. */
export function canonicalizeNaN(values: NumberArray): void {
  if (!hasNaN(values)) return;
  if (values instanceof Float64Array) {
    const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i])) {
        words[2 * i] = 0;
        words[2 * i + 1] = 0x7ff80000;
      }
    }
  } else if (values instanceof Float32Array) {
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) words[i] = 0x7fc00000;
  }
}
