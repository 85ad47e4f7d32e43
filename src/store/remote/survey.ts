/**
 * Finds out with few requests which of many names are there: a page of a listing answers for a thousand
 * names. Names are digests, evenly spread, so the first page shows whether listing pays. Knows no
 * protocol.
 */
import type { Listed, Page } from "./transport.ts";

/** What is known of names: where they are, nothing (undefined), or no entry if that is not known. */
export type Survey = ReadonlyMap<string, Listed | undefined>;

/** A page must answer this many questions. Object storages charge for it like for twelve GET. */
const ANSWERS_MIN = 12;
/** Names that one after the other are looked up; such sequences run at once. */
const SEQUENCE = 1000;

/** @param list - a page of what comes after a name; undefined if the remote cannot list */
export async function survey(
  names: Iterable<string>,
  list: (after: string) => Promise<Page | undefined>,
): Promise<Survey> {
  const sorted = [...new Set(names)].sort();
  const known = new Map<string, Listed | undefined>();
  /** Goes from page to page, and skips what nobody asks for. Returns whether that pays. */
  const scan = async (from: number): Promise<boolean> => {
    const end = Math.min(from + SEQUENCE, sorted.length);
    for (let at = from; at < end; ) {
      // Pages begin after a name, and no other name lies between this one and its beginning.
      const page = await list(sorted[at]!.slice(0, -1));
      if (!page) return false;
      const before = at;
      const { files, through } = page;
      for (; at < end && (through === undefined || sorted[at]! <= through); at++) {
        known.set(sorted[at]!, files.get(sorted[at]!));
      }
      if (at < end && at - before < ANSWERS_MIN) return false;
    }
    return true;
  };
  if (sorted.length < ANSWERS_MIN || !(await scan(0))) return known;
  const rest: Promise<boolean>[] = [];
  for (let from = SEQUENCE; from < sorted.length; from += SEQUENCE) rest.push(scan(from));
  await Promise.all(rest);
  return known;
}
