/**
 * Columns of Parquet files, page by page. Knows nothing of spins.
 *
 * Metadata, page headers and values are read with hyparquet's parts. Its own loop over the pages is
 * not used: it believes the lengths that a file states, and a wrong one ends the whole process.
 */
import { type Compressors, parquetMetadata, parquetSchema, type SchemaTree } from "hyparquet";
import { loadCodecs } from "./parquet-codecs.ts";
import { type ChunkMetadata, type Leaf, type Page, readPages } from "./parquet-pages.ts";

export type { Page } from "./parquet-pages.ts";

export interface ParquetColumn {
  readonly name: string;
  /** What its values are; undefined for structs and maps, which have several or none. */
  readonly leaf: Leaf | undefined;
  /** Which of the chunks of a row group is its. */
  readonly index: number;
}

export interface ParquetFile {
  /** At least one. */
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  /** Throws a RangeError as soon as what it reads cannot be right. */
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
      // Chunks in other files, and encrypted ones, are as good as not there.
      if (chunk.file_path || !chunk.meta_data) throw new RangeError("a chunk is not in the file");
      return chunk.meta_data;
    });
    return { rows: Number(group.num_rows), chunks };
  });
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const isCount = groups.every((group) => Number.isSafeInteger(group.rows) && group.rows >= 0);
  if (!isCount || rows !== Number(metadata.num_rows)) throw new RangeError("rows do not add up");
  let index = 0;
  const columns = parquetSchema(metadata).children.map((tree): ParquetColumn => {
    const first = index;
    index += countLeaves(tree);
    return { name: tree.element.name, leaf: leafOf(tree), index: first };
  });
  return { groups, columns, rows };
}

function countLeaves({ children }: SchemaTree): number {
  return children.length === 0 ? 1 : children.reduce((sum, child) => sum + countLeaves(child), 0);
}

/** A list is a group, or two in one another, around what it is a list of. */
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
    let entries = 0;
    for (;;) {
      const { done, value: page } = damagedUnless(() => pages.next());
      if (done) break;
      entries += page.count;
      yield page;
    }
    // Who reads lists counts their rows.
    if (leaf.depth === 0 && entries !== rows) throw new RangeError(damaged);
  }
}

const damaged = "is a damaged Parquet file";

/** hyparquet's errors are those of its arrays and views as often as its own. */
function damagedUnless<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { message } = error as Error;
    // A codec or an encoding that has a name; one without is damage.
    const what = /^parquet (unsupported .*[A-Z].*)$/.exec(message)?.[1];
    throw new RangeError(what ? `has an ${what}` : damaged, { cause: error });
  }
}
