/** Reads `metrics:`, what `compare` compares. `open/metrics.ts` checks that what they name exists. */

import { quote } from "../../text/quote.ts";
import type { Problems } from "../language/problems.ts";
import { type Scope, substitute } from "../language/reference.ts";
import { describe, entriesOf, get, plain, type Tree, usedAt } from "../language/tree.ts";
import { checkName, readPortName } from "./names.ts";
import type { Condition, MetricSpec, Named } from "./pipeline.ts";

export function readMetrics(
  section: Tree | undefined,
  scope: Scope,
  problems: Problems,
): readonly MetricSpec[] {
  return [...entriesOf(section)].flatMap(([name, { key: span, value: body }]) => {
    checkName("metric", name, span, problems);
    const from = readPortName(get(body, "from")!, scope, problems);
    const where = [...entriesOf(get(body, "where"))].map(
      ([column, { key, value }]): Condition => ({
        ...{ name: column, span: key },
        ...readValues(column, value, scope, problems),
      }),
    );
    const by = get(body, "by");
    const over = get(body, "over");
    const better = get(body, "better");
    return from
      ? {
          ...{ name, span, from, where },
          column: named(get(body, "column")!),
          by: by?.kind === "list" ? by.items.map(named) : [],
          over: over && named(over),
          better: better && (plain(better) as "higher" | "lower"),
        }
      : [];
  });
}

function named(tree: Tree): Named {
  return { name: String(plain(tree)), span: tree.span };
}

function readValues(
  column: string,
  written: Tree,
  scope: Scope,
  problems: Problems,
): Pick<Condition, "values" | "keeps"> {
  const before = problems.errors;
  const tree = substitute(written, scope, problems);
  const items = tree.kind === "list" ? tree.items : [tree];
  if (problems.errors > before) return { values: [], keeps: false };
  const values = items.flatMap((item) => {
    if (item.kind === "scalar" && item.value !== null) return item.value;
    const message = `expected a value of ${quote(column)}, got ${describe(item)}`;
    problems.error("invalid-value", message, item.span, usedAt(tree.via));
    return [];
  });
  return { values, keeps: tree.kind === "list" };
}
