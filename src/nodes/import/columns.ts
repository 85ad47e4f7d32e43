/** Which columns of a table are the spins, and which say more about a row. Knows no file format. */

/** A name, or a position from 0. */
export type ColumnRef = string | number;

export type Role = "beta" | "temperature" | "chain" | "time";

export interface ColumnOptions {
  /** A name that no column has is passed over, since it may be a default. */
  readonly roles: Readonly<Record<"beta" | "chain" | "time", ColumnRef>>;
  readonly temperature?: ColumnRef | undefined;
  /** The column that holds whole configurations. */
  readonly spins?: ColumnRef | undefined;
  readonly ignore: readonly ColumnRef[];
}

/** By position. */
export interface Chosen {
  readonly roles: ReadonlyMap<Role, number>;
  /** The column that holds whole configurations; else `sites` hold one spin each. */
  readonly whole: number | undefined;
  readonly sites: readonly number[];
}

type Names = readonly string[] | undefined;

/** What the sampler writes beside the spins; measured anew. */
const measured = ["energy", "magnetization", "sign"];
/** pandas keeps labels of rows in columns of these names. */
const rowLabels = /^__index_level_\d+__$/;

/** Where a column is; -1 for a name that none has. Throws a RangeError for a number out of range. */
function findColumn(names: Names, width: number, ref: ColumnRef): number {
  if (typeof ref === "string") return names?.indexOf(ref) ?? -1;
  if (ref < width) return ref;
  throw new RangeError(`has ${width} columns: column ${ref} is not there (the first is 0)`);
}

/** Throws a RangeError for a column that is not there. */
export function needColumn(names: Names, width: number, ref: ColumnRef): number {
  const at = findColumn(names, width, ref);
  if (at >= 0) return at;
  throw new RangeError(`has no column ${JSON.stringify(ref)}: ${seen(names, width)}`);
}

/** Throws a RangeError for a column that is not there. */
export function chooseColumns(names: Names, width: number, options: ColumnOptions): Chosen {
  const needed = (ref: ColumnRef) => needColumn(names, width, ref);
  const ignored = new Set(options.ignore.map(needed));
  const roles = new Map<Role, number>();
  for (const [role, ref] of Object.entries(options.roles)) {
    const at = findColumn(names, width, ref);
    if (at >= 0 && !ignored.has(at)) roles.set(role as Role, at);
  }
  if (options.temperature !== undefined) roles.set("temperature", needed(options.temperature));
  const standard = names?.indexOf("spins") ?? -1;
  const whole = options.spins !== undefined ? needed(options.spins) : standard;
  const taken = new Set([...ignored, ...roles.values()]);
  const isOther = (k: number) => {
    const name = names?.[k];
    return name !== undefined && (measured.includes(name) || rowLabels.test(name));
  };
  const all = Array.from({ length: width }, (_, k) => k);
  return {
    roles,
    whole: whole < 0 || ignored.has(whole) ? undefined : whole,
    sites: all.filter((k) => !taken.has(k) && !isOther(k)),
  };
}

const LISTED_MAX = 12;

function seen(names: Names, width: number): string {
  if (!names) return `its ${width} columns have no names, but numbers (the first is 0)`;
  const shown = names.slice(0, LISTED_MAX).map((name) => JSON.stringify(name));
  return `it has ${shown.join(", ")}${names.length > LISTED_MAX ? ", …" : ""}`;
}

const temperature = /^(k?_?t|temps?|temperatures?)$/i;
const inverse = /^(beta|betas|β|inverse_?temperatures?)$/i;

/** Whether something of this name is taken for the other of the two that a file can have. */
export function isMisnamed(ref: ColumnRef | undefined, are: "beta" | "temperature"): boolean {
  return typeof ref === "string" && (are === "beta" ? temperature : inverse).test(ref.trim());
}

export type Layout = "flat" | "rows";

/**
 * What is wrong with a table whose columns are not the spins of a row, with a word on what could mend
 * that. `looks` says what the table looks like.
 */
export function wrongColumns(
  { sites }: Chosen,
  names: Names,
  { roles }: ColumnOptions,
  size: number,
  layout: Layout | undefined,
  looks = "",
): RangeError {
  const besides = [...Object.values(roles), ...measured].join(", ");
  const got = names ? `besides ${besides}` : `without names${looks}`;
  const flat = `${size * size} (a configuration a line)`;
  const rows = `${size} (a row of the lattice a line)`;
  const readable = layout ? { flat, rows }[layout] : `${flat} or ${rows}`;
  const hot = names?.find((name) => isMisnamed(name, "beta"));
  const one = "; say spins_column: 0 if it holds whole configurations";
  const more =
    "; say which of them are something else by number: beta_column, temperature_column, ignore";
  const unnamed = sites.length === 1 ? one : more;
  const hint = names ? hot && `; say temperature_column: ${hot} if it holds temperatures` : unnamed;
  const list = names ? 'a column "spins", or ' : "";
  const many = sites.length === 1 ? "column" : "columns";
  return new RangeError(
    `has ${sites.length} ${many} ${got}: expected ${list}${readable}${hint ?? ""}`,
  );
}
