/** Finds out what a file is by its bytes. Knows nothing of what is in it. */
import { type Getter, getters } from "./npy-items.ts";

/** The format, if `import` reads it. */
export type Container = "npy" | "npz" | "parquet";

export interface Kind {
  /** "an NPY file" */
  readonly name: string;
  readonly format?: Container;
}

const known: readonly (readonly [begins: string, name: string, format?: Container])[] = [
  ["\x93NUMPY", "an NPY file", "npy"],
  ["PK\x03\x04", "a ZIP file, as NPZ is", "npz"],
  ["PK\x05\x06", "an empty ZIP file", "npz"],
  ["PAR1", "a Parquet file", "parquet"],
  ["PARE", "an encrypted Parquet file"],
  ["ARROW1", "an Arrow file"],
  ["FEA1", "a Feather file"],
  ["\x89HDF\r\n\x1a\n", "an HDF5 file"],
  ["\x89PNG\r\n\x1a\n", "a PNG image"],
  ["MATLAB 5.0 MAT-file", "a MATLAB file"],
  ["MATLAB 7.3 MAT-file", "a MATLAB file"],
  ["\x1f\x8b\x08", "a gzip file"],
  ["\xfd7zXZ\0", "an xz file"],
  ["\x28\xb5\x2f\xfd", "a Zstandard file"],
  ["\x04\x22\x4d\x18", "an LZ4 file"],
  ["7z\xbc\xaf\x27\x1c", "a 7z file"],
  ["Rar!\x1a\x07", "a RAR file"],
  ["CDF\x01", "a NetCDF file"],
  ["CDF\x02", "a NetCDF file"],
  ["CDF\x05", "a NetCDF file"],
  ["SQLite format 3\0", "an SQLite file"],
  ["SIMPLE  =", "a FITS file"],
  ["II*\0", "a TIFF image"],
  ["MM\0*", "a TIFF image"],
  ["GIF8", "a GIF image"],
  ["%PDF-", "a PDF file"],
  ["\x7fELF", "a program"],
];

/** Undefined for text and for anything else that does not say what it is. */
export function kindOf(bytes: Uint8Array): Kind | undefined {
  const start = Buffer.from(bytes.subarray(0, 20)).toString("latin1");
  const found = known.find(([begins]) => start.startsWith(begins));
  if (found) return { name: found[1], ...(found[2] && { format: found[2] }) };
  if (/^BZh[1-9]1AY&SY/.test(start)) return { name: "a bzip2 file" };
  const [first, protocol = 0] = bytes;
  if (first === 0x80 && protocol >= 2 && protocol <= 5 && bytes.at(-1) === 0x2e)
    return { name: "a pickle of Python" };
  return isArrowStream(bytes) ? { name: "an Arrow stream" } : undefined;
}

/** A lattice of ones begins the same, so the length and offset after the marker must fit too. */
function isArrowStream(bytes: Uint8Array): boolean {
  if (bytes.length < 16 || bytes.subarray(0, 4).some((byte) => byte !== 255)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(4, true);
  const root = view.getUint32(8, true);
  return length > 0 && length % 8 === 0 && length <= bytes.length - 8 && root > 0 && root < length;
}

/** Fewer ones may be chance: the bits of a lattice with single spins up also look like numbers. */
const ONES_MIN = 6;

/**
 * The type of number, if the whole file is an array of spins as numbers. `array.tofile()` writes
 * such files, and they must not be taken for packed bits.
 */
export function rawNumbersIn(bytes: Uint8Array, sites: number): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Object.values(getters).find((item) => isSpins(view, item, sites))?.name;
}

function isSpins(view: DataView, { width, get }: Getter, sites: number): boolean {
  const count = view.byteLength / width;
  if (count % sites !== 0) return false;
  const counts = [0, 0, 0]; // of -1, 0 and 1
  for (let i = 0; i < count; i++) {
    const value = get(view, i * width, true);
    if (!(value === 1 || value === 0 || value === -1)) return false;
    counts[value + 1]!++;
  }
  const [minus, zero, plus] = counts as [number, number, number];
  return !(minus && zero) && plus >= ONES_MIN && plus >= count / 8;
}

/** Whether it consists only of characters that numbers and lists of spins are written with. */
export function isTextOfSpins(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && bytes.every((byte) => ofText.has(byte)) && bytes.some(isSpace);
}

const ofText = new Set(Buffer.from("01+-.,;eE[] \t\r\n"));
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x2c;

/** For a message: the first bytes in hexadecimal. */
export function firstBytes(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
