/**
 * What an instance's input ports receive: edges to instances that exist already, and the columns of
 * the tables that will come. Reports unknown and missing ports and tables that do not fit.
 */

import type { Columns, ColumnType } from "../../table/schema.ts";
import { formatType } from "../../table/type-text.ts";
import { quote } from "../../text/quote.ts";
import type { Stage } from "../document/pipeline.ts";
import type { Coordinate, Edge, PortRef } from "../graph.ts";
import { type Problems, suggest } from "../language/problems.ts";
import type { AnyNodeType, Port, Ports } from "../node-type.ts";
import { own, setOwn } from "../own.ts";
import type { Answers } from "./answers.ts";
import { axisColumn } from "./axis-column.ts";
import { valueAt } from "./coordinate.ts";
import type { Numbered, Place } from "./expanded.ts";
import { describeColumns, mainPort, misfit, unify } from "./ports.ts";
import type { Leaf, Origin } from "./relation.ts";

/** The instances made so far, and what is known of their questions and inputs. */
export interface Made extends Numbered {
  readonly answers: Answers;
  /** What is collected, by origin, which belongs to one input; undefined if it is wrong. */
  readonly collected: Map<Origin, Resolved | undefined>;
}

export interface Connected {
  readonly edges: Readonly<Record<string, Edge>>;
  /** By port. */
  readonly columns: Readonly<Record<string, Columns>>;
}

interface Resolved {
  readonly edge: Edge;
  readonly columns: Columns;
  /** `lattices.configurations`, for messages. */
  readonly from: string;
}

/** `undefined` if an input or its producer is wrong, which has been reported. */
export function connect(
  stage: Stage,
  place: Place,
  type: AnyNodeType,
  made: Made,
  problems: Problems,
): Connected | undefined {
  const edges: Record<string, Edge> = {};
  const columns: Record<string, Columns> = {};
  const ports = type.inputs as Ports;
  let isWhole = true;
  for (const [i, { port: name, span }] of stage.inputs.entries()) {
    const port = Object.hasOwn(ports, name) ? ports[name] : type.moreInputs;
    if (!port) {
      const message = `node type ${quote(type.type)} has no input port ${quote(name)}`;
      problems.error("unknown-port", message, span, { hint: suggest(name, Object.keys(ports)) });
      isWhole = false;
      continue;
    }
    const found = resolveOrigin(place.inputs[i]!, span, made, problems);
    if (found && fits(found, { stage, place, name, port }, problems)) {
      setOwn(edges, name, found.edge);
      setOwn(columns, name, found.columns);
    } else isWhole = false;
  }
  return requirePorts(stage, type, problems) && isWhole ? { edges, columns } : undefined;
}

/** What was found right once: thousands of instances have few stages and few columns. */
const complete = new WeakMap<Stage, AnyNodeType>();
const fitting = new WeakMap<Columns, WeakSet<Columns>>();

function requirePorts(stage: Stage, type: AnyNodeType, problems: Problems): boolean {
  if (complete.get(stage) === type) return true;
  let isComplete = true;
  for (const [name, port] of Object.entries(type.inputs as Ports)) {
    if (port.optional || stage.inputs.some((input) => input.port === name)) continue;
    isComplete = false;
    const message = `stage ${quote(stage.name)} has nothing at input port ${quote(name)}`;
    const hint = `it takes ${describeColumns(port.columns)}`;
    problems.error("missing-input", message, stage.inputsSpan, { hint });
  }
  if (isComplete) complete.set(stage, type);
  return isComplete;
}

function resolveOrigin(
  origin: Origin,
  span: Stage["span"],
  made: Made,
  problems: Problems,
): Resolved | undefined {
  if (origin.kind === "one") {
    const found = resolveLeaf(origin.leaf, made, problems);
    if (!found) return undefined;
    const { ref, columns, from } = found;
    return { edge: { kind: "one", instance: ref.instance, port: ref.port }, columns, from };
  }
  // Many instances may read the same members: they share one edge.
  const { collected } = made;
  if (!collected.has(origin)) collected.set(origin, resolveMembers(origin, span, made, problems));
  return collected.get(origin);
}

function resolveMembers(
  origin: Extract<Origin, { kind: "collect" }>,
  span: Stage["span"],
  made: Made,
  problems: Problems,
): Resolved | undefined {
  const known: { ref: PortRef; columns: Columns; from: string; label: string }[] = [];
  const refs: (PortRef & { readonly coordinate: Coordinate })[] = [];
  for (const { leaf, coordinate } of origin.members) {
    const found = resolveLeaf(leaf, made, problems);
    if (!found) continue;
    const { ref, columns, from } = found;
    known.push({ ref, columns, from, label: leaf.label });
    refs.push({ instance: ref.instance, port: ref.port, coordinate });
  }
  if (known.length < origin.members.length) return undefined;
  const shared = unify([...new Set(known.map(({ columns }) => columns))]);
  const from = known[0]!.from;
  if ("differs" in shared && typeof shared.differs === "string") {
    const message = `what is collected must have equal columns; column ${quote(shared.differs)} differs`;
    const other = known.find(({ columns }) => columns !== known[0]!.columns) ?? known[0]!;
    const [a, b] = [known[0]!, other].map(
      ({ label, columns }) => `${label} has ${describeColumns(columns)}`,
    );
    const hint = `${a}; ${b}`;
    problems.error("clashing-column", message, span, { hint });
    return undefined;
  }
  const axes: Record<string, ColumnType> = {};
  for (const axis of origin.axes) {
    axes[axis] = axisColumn(origin.members.map(({ coordinate }) => valueAt(coordinate, axis)));
    if (!Object.hasOwn(shared, axis)) continue;
    const message = `axis ${quote(axis)} and a column of ${from} have the same name`;
    problems.error("clashing-column", message, span);
    return undefined;
  }
  return {
    edge: { kind: "collect", axes: origin.axes, members: refs },
    columns: made.answers.first({ ...axes, ...(shared as Columns) }),
    from,
  };
}

/** The port that a leaf means, with its columns. */
export function resolveLeaf(
  { name, index }: Leaf,
  made: Made,
  problems: Problems,
): { ref: PortRef; columns: Columns; from: string } | undefined {
  const instance = made.indexOf(name.stage, index);
  if (instance === undefined) return undefined;
  const { outputs, node } = made.instance(instance);
  let meant = meantBy.get(name);
  if (meant?.outputs !== outputs) {
    const port = outputPort(outputs, node.type.type, name, problems);
    if (port === undefined) return undefined;
    const { columns } = outputs[port]!;
    meant = { outputs, port, columns, from: `${name.stage}.${port}` };
    meantBy.set(name, meant);
  }
  const { port, columns, from } = meant;
  return { ref: { instance, port }, columns, from };
}

/** What a name meant last: most instances of a stage have the same ports. */
const meantBy = new WeakMap<
  Leaf["name"],
  { outputs: Ports; port: string; columns: Columns; from: string }
>();

/** The output port that a name means. */
export function outputPort(
  outputs: Ports,
  type: string,
  { stage, port, span }: Leaf["name"],
  problems: Problems,
): string | undefined {
  const names = Object.keys(outputs);
  if (port === undefined) {
    const main = mainPort(outputs);
    if (main !== undefined) return main;
    const hint = `write one of ${names.map((name) => `${stage}.${name}`).join(", ")}`;
    problems.error("ambiguous-port", `stage ${quote(stage)} has several output ports`, span, {
      hint,
    });
    return undefined;
  }
  if (Object.hasOwn(outputs, port)) return port;
  const message = `node type ${quote(type)} has no output port ${quote(port)}`;
  problems.error("unknown-port", message, span, { hint: suggest(port, names) });
  return undefined;
}

function fits(
  { columns, from }: Resolved,
  to: { stage: Stage; place: Place; name: string; port: Port },
  problems: Problems,
): boolean {
  const known = fitting.get(to.port.columns) ?? new WeakSet();
  if (known.has(columns)) return true;
  const bad = misfit(columns, to.port.columns);
  if (!bad) {
    fitting.set(to.port.columns, known.add(columns));
    return true;
  }
  const end = `${to.stage.name}.${to.name}`;
  const wanted = `${bad.column}: ${formatType(to.port.columns[bad.column]!)}`;
  const given = own(columns, bad.column);
  const has = given
    ? `${from} has ${bad.column}: ${formatType(given)}`
    : `${from} has no column ${quote(bad.column)}`;
  const code = bad.kind === "size" ? "size-mismatch" : "port-mismatch";
  const source = to.stage.inputs.find(({ port }) => port === to.name)!;
  const { source: origin } = source.input;
  const several = to.place.label !== to.stage.name;
  problems.error(code, `${has}; ${end} expects ${wanted}`, origin.span, {
    ...(bad.kind === "missing" ? { hint: `${from} has ${describeColumns(columns)}` } : {}),
    instance: several && bad.kind === "size" ? to.place.label : undefined,
  });
  return false;
}
