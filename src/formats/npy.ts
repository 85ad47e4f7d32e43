/** Reads NumPy's array files (NEP 1), exactly as NumPy writes them. Knows nothing of spins. */
import { getters } from "./npy-items.ts";

export interface NumberArray {
  readonly shape: readonly number[];
  /** How many items. */
  readonly count: number;
  /** The item at a position in row-major order, whatever the order in the file. */
  readonly value: (i: number) => number;
}

const magic = [0x93, ...Buffer.from("NUMPY")];
const damaged = "is a damaged NPY file";

/** Throws a RangeError that says what is wrong. */
export function readNpy(bytes: Uint8Array): NumberArray {
  const { body, shape, descr, fortran } = readHeader(bytes);
  const item = itemOf(descr);
  const count = shape.reduce((product, n) => product * n, 1);
  if (bytes.length - body !== count * item.width) {
    const got = `${bytes.length - body} bytes for ${count} items of ${item.width}`;
    throw new RangeError(`is not as long as its header says: ${got}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + body, bytes.length - body);
  const { get, width } = item;
  const little = descr[0] !== ">";
  const at = (i: number) => get(view, i * width, little);
  const place = fortran && shape.length > 1 ? columnMajor(shape) : undefined;
  return { shape, count, value: place ? (i) => at(place(i)) : at };
}

export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

interface Header {
  /** Where the items begin. */
  readonly body: number;
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** Reads the header of a file, given whole or by its first bytes. */
export function readHeader(bytes: Uint8Array): Header {
  if (!isNpy(bytes)) throw new RangeError("is not an NPY file");
  const [version, minor] = [bytes[6], bytes[7]];
  if (bytes.length < 12 || minor !== 0 || !(version && version <= 3)) throw new RangeError(damaged);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const body = start + length;
  if (body > bytes.length) throw new RangeError(`${damaged}: it ends within its header`);
  const header = Buffer.from(bytes.subarray(start, body)).toString("latin1");
  return { body, ...parseHeader(header, version) };
}

/** A Python dictionary with these three keys, then spaces and a line feed; nothing else. */
function parseHeader(header: string, version: number): Omit<Header, "body"> {
  const found = new Map<string, string>();
  const dictionary = /^\{(.*?),? *\} *\n$/s.exec(header)?.[1];
  if (dictionary === undefined) throw new RangeError(`${damaged}: its header is not a dictionary`);
  const value = String.raw`'[^'\\]*'|"[^"\\]*"|True|False|\([^()]*\)|\[.*\]`;
  const entry = new RegExp(String.raw` *(?:'(\w+)'|"(\w+)") *: *(${value}) *(?:,|$)`, "sy");
  while (entry.lastIndex < dictionary.length) {
    const match = entry.exec(dictionary);
    if (!match) throw new RangeError(`${damaged}: its header has an unknown entry`);
    const key = match[1] ?? match[2]!;
    if (found.has(key)) throw new RangeError(`${damaged}: its header says twice what "${key}" is`);
    found.set(key, match[3]!);
  }
  const [descr, fortran, shape] = ["descr", "fortran_order", "shape"].map((key) => found.get(key));
  if (found.size !== 3 || !descr || !shape || !(fortran === "True" || fortran === "False")) {
    const keys = [...found.keys()].join(", ");
    throw new RangeError(`${damaged}: its header says what ${keys || "nothing"} is`);
  }
  if (/^['"]/.test(descr) === false) {
    throw new RangeError("holds a structured array: save the field with the spins on its own");
  }
  return { descr: descr.slice(1, -1), fortran: fortran === "True", shape: lengths(shape, version) };
}

/** `()`, `(4,)`, `(4, 2, 2)`; Python 2 wrote `(4L, 2L)`. */
function lengths(shape: string, version: number): number[] {
  const length = version <= 2 ? String.raw`(?:0|[1-9]\d*)L?` : String.raw`(?:0|[1-9]\d*)`;
  const tuple = new RegExp(
    String.raw`^\( *(?:${length} *, *|${length}(?: *, *${length})+ *,? *)?\)$`,
  );
  const numbers = (shape.match(/\d+/g) ?? []).map(Number);
  if (!tuple.test(shape) || !numbers.every(Number.isSafeInteger)) {
    throw new RangeError(`${damaged}: its header gives the shape as ${shape}`);
  }
  return numbers;
}

/** NumPy writes `|` for items of one byte, which have no order, and `<` or `>` for all others. */
function itemOf(descr: string) {
  const item = Object.hasOwn(getters, descr.slice(1)) ? getters[descr.slice(1)] : undefined;
  if (item && (item.width === 1 ? /^[<>|]/ : /^[<>]/).test(descr)) return item;
  const what = descr === "|O" ? "Python objects" : `items of type ${JSON.stringify(descr)}`;
  throw new RangeError(`holds ${what}: expected numbers or bool`);
}

/** Turns a position in row-major order into one in column-major order. */
function columnMajor(shape: readonly number[]): (i: number) => number {
  const strides: number[] = [];
  let stride = 1;
  for (const length of shape) {
    strides.push(stride);
    stride *= length;
  }
  return (i) => {
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const length = shape[axis]!;
      const k = i % length;
      at += k * strides[axis]!;
      i = (i - k) / length;
    }
    return at;
  };
}
