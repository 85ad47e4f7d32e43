/** Checks the values of a column against the statistics of its Parquet file. Knows no encodings. */
import type { ColumnMetaData } from "hyparquet/src/types.js";
import type { Leaf, Page } from "./parquet-pages.ts";

/**
 * For a column without lists: one function takes each page as it comes, the other is called at the end.
 * Both throw a RangeError where the values contradict the statistics.
 */
export function statisticsOf({ statistics }: ColumnMetaData, leaf: Leaf) {
  const { min_value: min, max_value: max, null_count } = statistics ?? {};
  // Only in these types is the stored value the number itself.
  const isPlain = !leaf.element.converted_type?.startsWith("DECIMAL") && !leaf.element.logical_type;
  const isText = isExact(min) && isExact(max);
  const isBounded = isText || (isPlain && isNumber(min) && isNumber(max));
  let nulls = 0;
  return {
    page({ count, definition, value }: Page): void {
      let values = count;
      for (let i = 0; definition && i < count; i++) if (definition[i] !== leaf.full) values--;
      nulls += count - values;
      for (let i = 0; isBounded && i < values; i++) {
        const got = value(i);
        if (isLess(got, min) || isLess(max, got)) throw wrong();
      }
    },
    end(): void {
      if (null_count !== undefined && Number(null_count) !== nulls) throw wrong();
    },
  };
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** Long texts may be cut in statistics, and in the middle of a character. */
function isExact(text: unknown): text is string {
  return typeof text === "string" && !text.includes("\ufffd");
}

/** Texts compare by their bytes. NaN is in no statistics, and less than nothing. */
function isLess(a: unknown, b: unknown): boolean {
  if (isNumber(a) && isNumber(b)) return a < b;
  if (typeof a !== "string" || typeof b !== "string") return false;
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

function wrong(): RangeError {
  return new RangeError("the values are not those that the file says");
}
