/** Finds the columns of spins in a table, and those that describe a row. Knows no file format. */

/** A name, or a position from 0. */
export type ColumnRef = string | number;

export type Role = "beta" | "temperature" | "chain" | "time";

export interface ColumnOptions {
  /** A name that no column has is ignored, since it may be a default. */
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

/** The sampler writes these beside the spins; `import` measures them again. */
const measured = ["energy", "magnetization", "sign"];
/** pandas keeps labels of rows in columns of these names. */
const rowLabels = /^__index_level_\d+__$/;

/** The position of a column; -1 for a name that none has. Throws a RangeError for a number out of range. */
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
  for (const are of ["beta", "temperature"] as const) {
    refuseMisnamed(names?.[roles.get(are) ?? -1], are);
  }
  const standard = names?.indexOf("spins") ?? -1;
  const whole = options.spins !== undefined ? needed(options.spins) : standard;
  const taken = new Set([...ignored, ...roles.values()]);
  const isOther = (k: number) => {
    const name = names?.[k];
    return name !== undefined && (measured.includes(name) || rowLabels.test(name));
  };
  const all = Array.from({ length: width }, (_, k) => k);
  const sites = all.filter((k) => !taken.has(k) && !isOther(k));
  const isWhole = whole >= 0 && !ignored.has(whole);
  if (names && !isWhole) refuseOtherOrder(sites.map((k) => names[k]!));
  return { roles, whole: isWhole ? whole : undefined, sites };
}

const numbered = /^(.*?)(\d+)$/;

/** Where names count the sites, from any number on, they must not say another order than theirs. */
function refuseOtherOrder(names: readonly string[]): void {
  const parts = names.map((name) => numbered.exec(name));
  if (!parts.every((part) => part && part[1] === parts[0]![1])) return;
  const numbers = parts.map((part) => Number(part![2]));
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = numbers.findIndex((number, k) => number !== sorted[k]);
  if (at < 0 || sorted.some((number, k) => number !== sorted[0]! + k)) return;
  const got = `column ${JSON.stringify(names[at])} where ${sorted[at]} would follow`;
  throw new RangeError(`has ${got}: expected the columns in the order of the sites`);
}

const LISTED_MAX = 12;

function seen(names: Names, width: number): string {
  if (!names) return `its ${width} columns have no names, but numbers (the first is 0)`;
  const shown = names.slice(0, LISTED_MAX).map((name) => JSON.stringify(name));
  return `it has ${shown.join(", ")}${names.length > LISTED_MAX ? ", …" : ""}`;
}

// With a unit or what it is a multiple of behind it, or without: `T (K)`, `kT/J`, `beta_J`.
const temperature = /^(k[_ ]?b?[_ ]?)?(t|temps?\.?|temperatures?)[ _]*([([].*|\/.*|[kj])?$/i;
const inverse =
  /^(betas?|β|inverse[_ ]?temperatures?|1 ?\/ ?(k[_ ]?b?[_ ]?)?t)[ _]*([([].*|[*·]? ?j)?$/i;

/** Whether a name for betas is used for temperatures, or the other way round. */
export function isMisnamed(ref: ColumnRef | undefined, are: "beta" | "temperature"): boolean {
  return typeof ref === "string" && (are === "beta" ? temperature : inverse).test(ref.trim());
}

/** A column that a number names says by its own name what it is. Throws a RangeError. */
export function refuseMisnamed(name: string | undefined, are: "beta" | "temperature"): void {
  if (!isMisnamed(name, are)) return;
  const other = are === "beta" ? "temperatures" : "betas";
  throw new RangeError(`has column ${JSON.stringify(name)}, a name for ${other}, not ${are}s`);
}

export type Layout = "flat" | "rows";

/**
 * The error of a table whose columns are not the spins of a row, with a hint.
 *
 * @param looks - describes the table, for the message
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
