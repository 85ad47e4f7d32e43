/** Whether the values of a column are those that a Parquet file says it has. Knows no encodings. */
import type { ColumnMetaData } from "hyparquet/src/types.js";
import type { Leaf, Page } from "./parquet-pages.ts";

/**
 * Looks at pages of a column without lists as they come, and at the end at all of them. The functions
 * throw a RangeError where what the file says of a column is not so.
 */
export function statisticsOf({ statistics }: ColumnMetaData, leaf: Leaf) {
  const { min_value: min, max_value: max, null_count } = statistics ?? {};
  // What is stored is the number itself in these only.
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

/** Texts go by their bytes; NaN, which is in no statistics, is less than nothing. */
function isLess(a: unknown, b: unknown): boolean {
  if (isNumber(a) && isNumber(b)) return a < b;
  if (typeof a !== "string" || typeof b !== "string") return false;
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

function wrong(): RangeError {
  return new RangeError("the values are not those that the file says");
}
