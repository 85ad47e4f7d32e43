/**
 * `ablations:` → named lists of overrides. `combine` and `grid` multiply: an ablation with a grid is
 * a family of ablations, `lr[learning_rate=0.001]`, …. Knows nothing of what the overrides change.
 */

import { quote } from "../../text/quote.ts";
import { type Coordinate, isAt, parseAblation } from "../graph.ts";
import type { Span } from "../language/diagnostic.ts";
import { type Problems, suggest } from "../language/problems.ts";
import { isRange } from "../language/range.ts";
import type { Scope } from "../language/reference.ts";
import { type Entry, entriesOf, type MapTree, map, scalar, type Tree } from "../language/tree.ts";
import { axisValues } from "./axes.ts";
import { clash, type Override, override, overridesIn } from "./override.ts";
import type { Ablation } from "./pipeline.ts";

/** What `--ablation` says for the pipeline without any, and for everything. */
export const reservedNames = ["baseline", "all"];

type Variant = Pick<Ablation, "coordinate" | "overrides">;
const unchanged: readonly Variant[] = [{ coordinate: {}, overrides: [] }];

/** Every ablation, the members of a family one after the other, in the order of the file. */
export function readAblations(
  section: Tree | undefined,
  scope: Scope,
  problems: Problems,
): readonly Ablation[] {
  const bodies = entriesOf(section);
  const known = new Map<string, readonly Variant[]>();
  const open: string[] = [];

  function variantsOf(name: string): readonly Variant[] {
    const done = known.get(name);
    if (done) return done;
    const { value: body } = bodies.get(name)!;
    if (body.kind !== "map") return unchanged;
    open.push(name);
    let variants: readonly Variant[] = [{ coordinate: {}, overrides: plainOverrides(body) }];
    for (const [axis, entry] of entriesOf(body.entries.get("grid")?.value)) {
      variants = product(variants, steps(axis, entry, scope, problems), entry.key, problems);
    }
    const members = body.entries.get("combine")?.value;
    for (const item of members?.kind === "list" ? members.items : []) {
      variants = product(variants, memberVariants(item), item.span, problems);
    }
    open.pop();
    known.set(name, variants);
    return variants;
  }

  function memberVariants(item: Tree): readonly Variant[] {
    const text = item.kind === "scalar" ? String(item.value) : "";
    const { family, axes } = parseAblation(text);
    if (!bodies.has(family)) {
      const hint = suggest(family, bodies.keys());
      const message = `unknown ablation ${quote(text)}`;
      problems.error("unknown-ablation", message, item.span, { hint });
      return unchanged;
    }
    if (open.includes(family)) {
      const loop = [...open.slice(open.indexOf(family)), family].join(" -> ");
      problems.error("cycle", `ablations combine each other: ${loop}`, item.span);
      return unchanged;
    }
    const found = variantsOf(family).filter(({ coordinate }) => isAt(coordinate, axes));
    if (found.length > 0) return found;
    const hint = suggest(
      text,
      variantsOf(family).map((v) => memberName(family, v.coordinate)),
    );
    problems.error("unknown-ablation", `unknown ablation ${quote(text)}`, item.span, { hint });
    return unchanged;
  }

  return [...bodies].flatMap(([family, { key: span }]) =>
    variantsOf(family).map(
      ({ coordinate, overrides }): Ablation => ({
        ...{ name: memberName(family, coordinate), family, coordinate, overrides, span },
      }),
    ),
  );
}

/** What a body changes beside `grid` and `combine`. */
function plainOverrides(body: MapTree): Override[] {
  const entries = [...body.entries].filter(([name]) => name !== "grid" && name !== "combine");
  return overridesIn(map(new Map(entries), body.span));
}

/** Puts the value of a param in its place as written, since it may refer to axes. */
function steps(axis: string, entry: Entry, scope: Scope, problems: Problems): Variant[] {
  const { key, value: written } = entry;
  const named = written.kind === "map" && !isRange(written) ? written : undefined;
  const { values } = axisValues(
    axis,
    named ? { ...entry, value: namesOf(named) } : entry,
    scope,
    problems,
  );
  return [...values].map(([value, tree]) => {
    const change = override(axis, key, named?.entries.get(String(value))?.value ?? tree);
    return { coordinate: { [axis]: value }, overrides: [change] };
  });
}

function namesOf(tree: MapTree): MapTree {
  const names = [...tree.entries].map(([name, entry]): [string, Entry] => [
    name,
    { ...entry, value: scalar(true, entry.key) },
  ]);
  return map(new Map(names), tree.span);
}

/** Combines every pair. Reports two that change one thing in two ways. */
function product(
  left: readonly Variant[],
  right: readonly Variant[],
  span: Span,
  problems: Problems,
): readonly Variant[] {
  return left.flatMap((a) =>
    right.map((b) => {
      for (const one of b.overrides) {
        const other = a.overrides.find((candidate) => clash(candidate, one));
        if (!other) continue;
        const message = `${quote(one.name)} is changed in two ways`;
        const notes = [
          { message: "here", span: other.key },
          { message: "and here", span: one.key },
        ];
        problems.error("clashing-override", message, span, {
          notes: notes.filter((note) => note.span !== span),
        });
      }
      const merged = Object.entries({ ...a.coordinate, ...b.coordinate });
      const coordinate = Object.fromEntries(merged.sort(([x], [y]) => (x < y ? -1 : 1)));
      return { coordinate, overrides: [...a.overrides, ...b.overrides] };
    }),
  );
}

function memberName(family: string, coordinate: Coordinate): string {
  const parts = Object.entries(coordinate).map(([axis, value]) => `${axis}=${value}`);
  return parts.length === 0 ? family : `${family}[${parts.join(",")}]`;
}
