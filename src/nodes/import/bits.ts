/** Reads raw bits as configurations. Errors are RangeErrors that say what the file does or has. */
import { isTextOfSpins, kindOf, rawNumbersIn } from "../../formats/containers.ts";
import type { Configurations, ReadOptions } from "./configurations.ts";
import { SpinCollector } from "./spin-values.ts";

/** A layout of the rows: back to back, or each from the start of a byte. */
interface Reading {
  readonly rows: number;
  /** Bits from the start of a row to that of the next. */
  readonly stride: number;
}

type Bit = (i: number) => number;

/** Bits after a row that belong to no row must be zero. */
export function fromBits(bytes: Uint8Array, options: ReadOptions): Configurations {
  const { size, bitOrder } = options;
  const sites = size * size;
  refuseOthers(bytes, sites);
  const bit: Bit = (i) => {
    const at = i % 8;
    return (bytes[(i - at) / 8]! >> (bitOrder === "little" ? at : 7 - at)) & 1;
  };
  const { rows, stride } = readingOf(bytes, bit, sites, options.count);
  const spins = new SpinCollector(rows, sites);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let site = 0; site < sites; site++) spins.set(i++, bit(row * stride + site) ? 1 : -1);
  }
  return { rows, leading: [rows], columns: {}, spins: spins.all() };
}

/** Any bytes are bits, so files of other known formats are refused. */
function refuseOthers(bytes: Uint8Array, sites: number): void {
  const kind = kindOf(bytes);
  if (kind) {
    const hint = kind.format ? `say format: ${kind.format}` : "expected bits alone";
    throw new RangeError(`is ${kind.name}: ${hint}`);
  }
  if (isTextOfSpins(bytes)) throw new RangeError("is text: say format: csv");
  const type = rawNumbersIn(bytes, sites);
  if (type) {
    throw new RangeError(`holds raw numbers of type ${type}, not bits: save it with numpy.save`);
  }
}

/**
 * `numpy.packbits` writes rows back to back, or with an axis given each from the start of a byte. The
 * two differ where the number of sites is not a multiple of 8, and the bits between rows decide.
 */
function readingOf(bytes: Uint8Array, bit: Bit, sites: number, count: number | undefined): Reading {
  const total = 8 * bytes.length;
  const most = Math.floor(total / sites);
  const wide = 8 * Math.ceil(sites / 8);
  const dense = [most, most - 1].filter((rows) => rows > 0 && total - rows * sites < 8);
  const padded = total % wide === 0 && total > 0 ? [total / wide] : [];
  const readings = [
    ...dense.map((rows) => ({ rows, stride: sites })),
    ...padded.map((rows) => ({ rows, stride: wide })),
  ];
  if (dense.length === 0 && padded.length === 0) {
    const expected = `${sites} bits a row, back to back`;
    throw new RangeError(`has ${bytes.length} bytes: expected ${expected}`);
  }
  const fitting = readings.filter((reading) => isClear(bit, reading, sites, total));
  const asked = fitting.filter(({ rows }) => count === undefined || rows === count);
  const [reading, other] = asked;
  if (!reading) {
    if (fitting.length > 0) {
      const rows = fitting.map((one) => one.rows).join(" or ");
      throw new RangeError(`has ${rows} rows: expected ${count}, as count says`);
    }
    const unused = total - most * sites;
    throw new RangeError(`has ${unused} bits behind its last row: expected them to be 0`);
  }
  if (other && other.rows !== reading.rows) {
    const inWords = ({ rows, stride }: Reading) =>
      `${rows} rows${stride === sites ? " back to back" : " of whole bytes"}`;
    throw new RangeError(`is ${inWords(reading)} or ${inWords(other)}: say which with count`);
  }
  return reading;
}

/** Whether all bits outside of rows are zero. */
function isClear(bit: Bit, { rows, stride }: Reading, sites: number, total: number): boolean {
  for (let row = 0; row < rows; row++) {
    const end = row === rows - 1 ? total : (row + 1) * stride;
    for (let i = row * stride + sites; i < end; i++) if (bit(i)) return false;
  }
  return true;
}
