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
  /** Goes from page to page, and skips what nobody asks for. Returns how far that paid. */
  const scan = async (from: number): Promise<number> => {
    const end = Math.min(from + SEQUENCE, sorted.length);
    let at = from;
    while (at < end) {
      // Pages begin after a name, and no other name lies between this one and its beginning.
      const page = await list(sorted[at]!.slice(0, -1));
      if (!page) return from;
      const before = at;
      // No digit comes after "~": a last page answers for all that follow.
      const { files, through = "~" } = page;
      for (; at < sorted.length && sorted[at]! <= through; at++) {
        known.set(sorted[at]!, files.get(sorted[at]!));
      }
      if (at < end && at - before < ANSWERS_MIN) return from;
    }
    return at;
  };
  const begun = sorted.length < ANSWERS_MIN ? 0 : await scan(0);
  const rest: Promise<number>[] = [];
  for (let from = begun || sorted.length; from < sorted.length; from += SEQUENCE) {
    rest.push(scan(from));
  }
  await Promise.all(rest);
  return known;
}
