/**
 * Reads the columns of Parquet files, page by page. Knows nothing of spins.
 *
 * Metadata, page headers and values are read with hyparquet's parts. Its own loop over the pages is
 * not used: it believes the lengths that a file states, and a wrong one ends the whole process.
 */
import {
  type Compressors,
  parquetMetadata,
  parquetSchema,
  type SchemaElement,
  type SchemaTree,
} from "hyparquet";
import { loadCodecs } from "./parquet-codecs.ts";
import { type ChunkMetadata, type Leaf, type Page, placeOf, readPages } from "./parquet-pages.ts";
import { statisticsOf } from "./parquet-statistics.ts";

export type { Page } from "./parquet-pages.ts";

export interface ParquetColumn {
  readonly name: string;
  /** The type of its values; undefined for structs and maps, which have several or none. */
  readonly leaf: Leaf | undefined;
  /** The index of its chunk in each row group. */
  readonly index: number;
}

export interface ParquetFile {
  /** At least one. */
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  /** Throws a RangeError as soon as a page cannot be right. */
  readonly pages: (column: ParquetColumn) => Generator<Page, void, undefined>;
}

/** Throws a RangeError that says what is wrong. */
export async function openParquet(bytes: Uint8Array): Promise<ParquetFile> {
  if (bytes.length < 12 || Buffer.from(bytes.subarray(-4)).toString("latin1") !== "PAR1") {
    throw new RangeError("is cut short: a Parquet file ends in PAR1");
  }
  const { groups, columns, rows } = damagedUnless(() => readFooter(bytes));
  if (rows === 0) throw new RangeError("has no rows");
  const seen = new Set<string>();
  const twice = columns.find(({ name }) => seen.size === seen.add(name).size);
  if (twice) throw new RangeError(`has two columns ${JSON.stringify(twice.name)}`);
  const codecs = new Set(groups.flatMap(({ chunks }) => chunks.map(({ codec }) => codec)));
  const compressors = await loadCodecs(codecs);
  return { rows, columns, pages: (column) => pagesOf(bytes, groups, column, compressors) };
}

interface Group {
  readonly rows: number;
  readonly chunks: readonly ChunkMetadata[];
}

function readFooter(bytes: Uint8Array) {
  const metadata = parquetMetadata(bytes, { geoparquet: false });
  const groups = metadata.row_groups.map((group): Group => {
    const chunks = group.columns.map((chunk) => {
      // Chunks in other files and encrypted chunks cannot be read.
      if (chunk.file_path || !chunk.meta_data) throw new RangeError("a chunk is not in the file");
      return chunk.meta_data;
    });
    return { rows: Number(group.num_rows), chunks };
  });
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const isCount = groups.every((group) => Number.isSafeInteger(group.rows) && group.rows >= 0);
  if (!isCount || rows !== Number(metadata.num_rows)) throw new RangeError("rows do not add up");
  const schema = parquetSchema(metadata);
  if (schema.count !== metadata.schema.length) throw new RangeError("columns do not add up");
  metadata.schema.slice(1).forEach(checkElement);
  const paths = leavesOf(schema).map(({ path }) => path.join("\0"));
  for (const { chunks } of groups) {
    const own = chunks.map(({ path_in_schema: path }) => path.join("\0"));
    if (own.join("\n") !== paths.join("\n")) throw new RangeError("chunks are of other columns");
  }
  refuseOverlaps(groups, bytes.length - 8 - metadata.metadata_length);
  let index = 0;
  const columns = schema.children.map((tree): ParquetColumn => {
    const first = index;
    index += leavesOf(tree).length;
    return { name: tree.element.name, leaf: leafOf(tree), index: first };
  });
  return { groups, columns, rows };
}

/** Refuses what hyparquet would ignore, and then read as other values. */
function checkElement(element: SchemaElement): void {
  const { name, repetition_type, converted_type, logical_type, scale, precision } = element;
  // hyparquet puts this where bytes are not UTF-8.
  if (name.includes("\ufffd")) throw new RangeError("a name is not UTF-8");
  if (!repetition_type) throw new RangeError("a column does not say whether it has nulls");
  if (logical_type && !logical_type.type) throw new RangeError("a column is of an unknown type");
  const isDecimal = converted_type === "DECIMAL";
  const logical = logical_type?.type === "DECIMAL" ? logical_type : undefined;
  const isLikewise = !logical || (isDecimal && logical.scale === (scale ?? 0));
  if (!isLikewise || (!isDecimal && (scale || precision))) {
    throw new RangeError("a column is decimal or it is not");
  }
}

/** Refuses chunks that overlap: a chunk within another would be read as that one. */
function refuseOverlaps(groups: readonly Group[], end: number): void {
  const places = groups.flatMap(({ chunks }) => chunks.map(placeOf));
  places.sort((a, b) => a.start - b.start);
  let free = 4;
  for (const { start, length } of places) {
    if (start < free || !(length >= 0)) throw new RangeError("chunks lie within one another");
    free = start + length;
  }
  if (free > end) throw new RangeError("a chunk lies within the footer");
}

function leavesOf(tree: SchemaTree): SchemaTree[] {
  return tree.children.length === 0 ? [tree] : tree.children.flatMap(leavesOf);
}

/** A list is a group, or two nested ones, around its item. */
function leafOf(column: SchemaTree): Leaf | undefined {
  let [depth, item, full] = [0, 0, 0];
  for (let node = column; ; node = node.children[0]!) {
    const { element, children, path } = node;
    const { type, repetition_type: repetition } = element;
    if (repetition !== "REQUIRED") full++;
    if (repetition === "REPEATED") {
      depth++;
      item = full;
    }
    if (children.length === 0) return type && { type, element, path, depth, item, full };
    const isList = element.converted_type === "LIST" || element.logical_type?.type === "LIST";
    if (children.length > 1 || !(isList || repetition === "REPEATED")) return undefined;
  }
}

function* pagesOf(
  bytes: Uint8Array,
  groups: readonly Group[],
  { leaf, index }: ParquetColumn,
  compressors: Compressors,
): Generator<Page, void, undefined> {
  if (!leaf) throw new RangeError("is read as if it had one value a row");
  for (const { rows, chunks } of groups) {
    const pages = readPages(bytes, chunks[index], leaf, compressors);
    const check = leaf.depth === 0 && chunks[index] ? statisticsOf(chunks[index], leaf) : undefined;
    let entries = 0;
    for (;;) {
      const { done, value: page } = damagedUnless(() => pages.next());
      if (done) break;
      entries += page.count;
      damagedUnless(() => check?.page(page));
      yield page;
    }
    damagedUnless(() => check?.end());
    // The reader of lists counts rows itself.
    if (leaf.depth === 0 && entries !== rows) throw new RangeError(damaged);
  }
}

const damaged = "is a damaged Parquet file";

/** hyparquet's errors are often those of its arrays and views. */
function damagedUnless<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { message } = error as Error;
    // A codec or an encoding without a name is damage.
    const what = /^parquet (unsupported .*[A-Z].*)$/.exec(message)?.[1];
    throw new RangeError(what ? `has an ${what}` : damaged, { cause: error });
  }
}
