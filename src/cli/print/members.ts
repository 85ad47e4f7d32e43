/**
 * Members of a family of ablations in few characters: `rate[0.1, 64]` for `rate[learning_rate=0.1,
 * batch=64]`. Names that are short stay as they are. Knows no table.
 */
import { parseAblation } from "../../index.ts";

export interface Members {
  /** By the full name. */
  readonly short: ReadonlyMap<string, string>;
  /** What the values in brackets are: `rate[learning_rate, batch]`, one for each family. */
  readonly keys: readonly string[];
}

/** Shortens all names of a family, in one way, when one of them is longer than `most` characters. */
export function shortMembers(names: readonly string[], most: number): Members {
  const members = [...new Set(names)].map((name) => ({ name, ...parseAblation(name) }));
  const long = new Set(members.filter(({ name }) => name.length > most).map((m) => m.family));
  const shortened = members.filter(({ family, axes }) => axes.size > 0 && long.has(family));
  const short = shortened.map(({ name, family, axes }): [string, string] => [
    name,
    `${family}[${[...axes.values()].join(", ")}]`,
  ]);
  const keys = shortened.map(({ family, axes }) => `${family}[${[...axes.keys()].join(", ")}]`);
  return { short: new Map(short), keys: [...new Set(keys)] };
}
