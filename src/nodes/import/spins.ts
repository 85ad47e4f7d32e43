/**
 * Reads files of spins: NPY and NPZ arrays, text, Parquet files, raw bits. Spins are -1 and 1, or 0 and
 * 1. Errors are RangeErrors that say what the file does or has.
 */
import { firstBytes, type Kind, kindOf, rawNumbersIn } from "../../formats/containers.ts";
import { readArray } from "../../formats/npz.ts";
import { spinIn } from "../../formats/numerals.ts";
import { isUtf16, readTable } from "../../formats/text-table.ts";
import { fromArray } from "./array-spins.ts";
import { fromBits } from "./bits.ts";
import type { Configurations, Format, ReadOptions } from "./configurations.ts";
import { fromTable } from "./table-spins.ts";

export async function readConfigurations(
  bytes: Uint8Array,
  options: ReadOptions,
): Promise<Configurations> {
  const read = await readAs(formatOf(bytes, options), bytes, options);
  const { count = read.rows } = options;
  if (read.rows === count) return read;
  throw new RangeError(`has ${read.rows} rows: expected ${count}, as count says`);
}

function readAs(
  format: Exclude<Format, "auto">,
  bytes: Uint8Array,
  options: ReadOptions,
): Configurations | Promise<Configurations> {
  refuseUnused(format, options);
  if (format === "parquet") return fromParquet(bytes, options);
  if (format === "bits") return fromBits(bytes, options);
  if (format === "csv") return fromText(bytes, options);
  return fromArray(readArray(bytes, options.array), options);
}

/** Refuses options that do not apply to the format: they may be a mistake about the file. */
function refuseUnused(format: Format, { array, header, layout, columns }: ReadOptions): void {
  const { roles, ignore, temperature, spins } = columns;
  if (array !== undefined && format !== "npz") {
    throw new RangeError("is not an NPZ file, whose arrays have names: leave out array");
  }
  if (header !== undefined && format !== "csv") {
    throw new RangeError("is not text, which may have a header: leave out header");
  }
  if (layout !== undefined && (format === "parquet" || format === "bits")) {
    throw new RangeError("has a configuration a row: leave out layout");
  }
  const refs = [...ignore, temperature, spins].filter((ref) => ref !== undefined);
  refs.push(...Object.values(roles).filter((ref) => typeof ref === "number"));
  if (format === "bits" && refs.length > 0) {
    throw new RangeError(`holds bits, which have no column ${JSON.stringify(refs[0])}`);
  }
}

/** The format of the file, which the option must not contradict. */
function formatOf(bytes: Uint8Array, { format, size }: ReadOptions): Exclude<Format, "auto"> {
  const kind = kindOf(bytes);
  if (format === "bits") return format;
  if (kind) {
    if (kind.format && (format === "auto" || format === kind.format)) return kind.format;
    throw new RangeError(`is ${kind.name}: ${hintFor(kind)}`);
  }
  if (format === "npy" || format === "npz" || format === "parquet") {
    const name = { npy: "an NPY file", npz: "an NPZ file", parquet: "a Parquet file" }[format];
    throw new RangeError(`is not ${name}`);
  }
  if (format === "csv") return format;
  const type = rawNumbersIn(bytes, size * size);
  if (type) throw new RangeError(`holds raw numbers of type ${type}: save it with numpy.save`);
  if (isText(bytes)) return "csv";
  const readable = "expected NPY, NPZ, Parquet or text, or format: bits for packed bits";
  throw new RangeError(`begins with the bytes ${firstBytes(bytes)}: ${readable}`);
}

/** Half of the bytes of UTF-16 may be zero; the reader of text reports that. */
function isText(bytes: Uint8Array): boolean {
  return !bytes.subarray(0, 4096).includes(0) || isUtf16(bytes);
}

function hintFor({ format }: Kind): string {
  return format ? `say format: ${format}` : "expected NPY, NPZ, Parquet, text, or packed bits";
}

async function fromParquet(bytes: Uint8Array, options: ReadOptions): Promise<Configurations> {
  return (await import("./parquet-spins.ts")).fromParquet(bytes, options);
}

function fromText(bytes: Uint8Array, options: ReadOptions): Configurations {
  const { names, width, lines, separator } = readTable(bytes, options.header);
  const blocks: number[] = [0];
  for (const [i, { apart }] of lines.entries()) {
    if (apart && i > 0) blocks.push(0);
    blocks[blocks.length - 1]!++;
  }
  const cell = (line: number, column: number) => lines[line]!.cells[column]!;
  return fromTable(
    {
      ...{ names, width, height: lines.length, blocks, looks: ` (${separator})` },
      text: cell,
      spin: (line, column) => spinIn(cell(line, column)) ?? cell(line, column),
      number: (line) => lines[line]!.number,
    },
    options,
  );
}
