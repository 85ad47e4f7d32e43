/** What can be wrong with a claim before anything runs. Knows the columns of the metrics, not their rows. */
import { type Columns, InvalidParam } from "../../engine/node-type.ts";
import type { Role } from "../../statistics/words.ts";
import type { ClaimParam } from "./claim-params.ts";
import { alongOf } from "./claims.ts";

/** A claim or control as written, and where. */
export interface Written {
  /** Where errors point: `claims.0`. */
  readonly path: string;
  readonly role: Role;
  readonly claim: ClaimParam;
}

interface Given {
  readonly claims: readonly ClaimParam[];
  readonly controls: readonly ClaimParam[];
  readonly replicate: string;
}

export function written({ claims, controls }: Given): Written[] {
  const list = (role: Role, items: readonly ClaimParam[]) =>
    items.map((claim, i) => ({ path: `${role}s.${i}`, role, claim }));
  return [...list("claim", claims), ...list("control", controls)];
}

export function metricOf({ metric }: ClaimParam): { port: string; column: string } {
  const dot = metric.indexOf(".");
  return dot < 0
    ? { port: "metrics", column: metric }
    : { port: metric.slice(0, dot), column: metric.slice(dot + 1) };
}

/** Whether the claim says what its family says, or the opposite. */
export const statedBy = ({ states }: ClaimParam) => states ?? "claim";

export const factOf = ({ fact, name }: ClaimParam) => fact ?? name;

const numbers = ["float64", "float32", "int8", "uint8", "int16", "uint16", "int32", "uint32"];

export function checkClaims(given: Given, types: Readonly<Record<string, Columns>>): void {
  const all = written(given);
  for (const one of all) {
    checkNames(one, all);
    checkColumns(one, given.replicate, types);
    checkMargin(one);
  }
}

function checkNames({ path, role, claim }: Written, all: readonly Written[]): void {
  const same = all.find((other) => other.claim.name === claim.name)!;
  if (same.path !== path) {
    const message = `is ${JSON.stringify(claim.name)} again, as of ${same.path}`;
    throw new InvalidParam(`${path}.name`, message);
  }
  const first = all.find((other) => factOf(other.claim) === factOf(claim))!;
  if (statedBy(first.claim) !== statedBy(claim)) {
    const message = `is ${JSON.stringify(statedBy(claim))}, unlike that of ${first.path}, which is of the same fact`;
    throw new InvalidParam(`${path}.states`, message);
  }
  if (first.role === role && first.claim.family === claim.family) return;
  const what = first.role === role ? `family ${JSON.stringify(first.claim.family)}` : first.role;
  const message = `is the fact of ${first.path} too, a ${what}: a fact is of one family, and of claims or of controls`;
  throw new InvalidParam(claim.fact === undefined ? `${path}.name` : `${path}.fact`, message);
}

function checkColumns(
  { path, claim }: Written,
  replicate: string,
  types: Readonly<Record<string, Columns>>,
): void {
  const { port, column } = metricOf(claim);
  const schema = Object.hasOwn(types, port) && types[port];
  if (!schema) {
    const known = Object.keys(types).join(", ");
    throw new InvalidParam(
      `${path}.metric`,
      `names the unknown port ${JSON.stringify(port)}; there is ${known}`,
    );
  }
  const known = (name: string, at: string) => {
    if (Object.hasOwn(schema, name)) return;
    const have = Object.keys(schema).join(", ");
    const message = `names the unknown column ${JSON.stringify(name)} of ${port}; there is ${have}`;
    throw new InvalidParam(at, message);
  };
  const numeric = (name: string, at: string) => {
    known(name, at);
    if (numbers.includes(schema[name]!.type)) return;
    throw new InvalidParam(at, `is ${JSON.stringify(name)}, which holds no numbers`);
  };
  numeric(column, `${path}.metric`);
  known(replicate, "replicate");
  const right = typeof claim.right === "number" ? {} : claim.right;
  for (const [key, side] of Object.entries({ where: claim.where, left: claim.left, right })) {
    for (const name of Object.keys(side)) known(name, `${path}.${key}.${name}`);
  }
  for (const [i, name] of claim.each.entries()) known(name, `${path}.each.${i}`);
  const along = alongOf(claim)?.axis;
  if (along !== undefined) {
    const at = typeof claim.along === "string" ? `${path}.along` : `${path}.along.axis`;
    numeric(along, at);
    if (claim.each.includes(along))
      throw new InvalidParam(at, `is ${JSON.stringify(along)}, which each names too: choose one`);
  }
  const bearings = typeof claim.bearing === "string" ? {} : claim.bearing;
  for (const [word, selector] of Object.entries(bearings)) {
    for (const name of Object.keys(selector)) {
      if (claim.each.includes(name)) continue;
      const message = `names ${JSON.stringify(name)}, which is not in each`;
      throw new InvalidParam(`${path}.bearing.${word}.${name}`, message);
    }
  }
  checkBetas({ path, claim }, port, schema, along);
}

function checkBetas(
  { path, claim }: Pick<Written, "path" | "claim">,
  port: string,
  schema: Columns,
  along: string | undefined,
): void {
  if (claim.over && !Object.hasOwn(schema, "beta")) {
    throw new InvalidParam(`${path}.over`, `asks for betas, but ${port} has no column "beta"`);
  }
  if (claim.over && along === "beta") {
    throw new InvalidParam(`${path}.over`, "asks for all betas, and along for each: choose one");
  }
  const isChosen = [claim.where, claim.left].some((side) => "beta" in side) || along === "beta";
  if (!claim.over && "beta" in schema && !isChosen && !claim.each.includes("beta")) {
    throw new InvalidParam(
      path,
      `needs over: { betas: mean } or every, or along: beta, as ${port} has a row a beta`,
    );
  }
}

function checkMargin({ path, claim }: Written): void {
  const { scale, right, margin, side, why_zero: why } = claim;
  if (scale === "log" && typeof right === "number" && right <= 0) {
    throw new InvalidParam(`${path}.right`, `must be positive on the log scale, got ${right}`);
  }
  if (scale === "log" && margin < 1) {
    throw new InvalidParam(
      `${path}.margin`,
      `is a factor on the log scale, 1 or more, got ${margin}`,
    );
  }
  const isZero = margin === (scale === "log" ? 1 : 0);
  if (isZero && side === "equal") {
    throw new InvalidParam(
      `${path}.margin`,
      `is ${margin}, but no interval lies within that: write how much still counts as equal`,
    );
  }
  if (isZero && why === undefined) {
    throw new InvalidParam(
      `${path}.margin`,
      `is ${margin}, so that any difference decides, however small: write the least that matters, or in why_zero why every one does`,
    );
  }
  if (!isZero && why !== undefined) {
    throw new InvalidParam(`${path}.why_zero`, `says why the margin is none, but it is ${margin}`);
  }
}
