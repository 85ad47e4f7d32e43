/**
 * The profiles of `~/.aws/config` and `~/.aws/credentials`, which AWS's own tools and most others read.
 * Knows what the files say, not what it means.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { errno } from "../../errors.ts";
import { RemoteMistake } from "../kind.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the lines of a section say; an indented line below `a =` is `a.b`. */
export type Section = ReadonlyMap<string, string>;

export interface Profile {
  readonly name: string;
  /** Empty if no file has it. */
  readonly says: Section;
  /** Whether a file has it. */
  readonly exists: boolean;
}

/**
 * Reads the files anew. Where both say something, the file of credentials counts.
 * @param name - undefined for `AWS_PROFILE`, or else `default`
 */
export function readProfile(name: string | undefined, environment: Environment): Profile {
  const chosen = name ?? (environment["AWS_PROFILE"] || "default");
  const config = read("AWS_CONFIG_FILE", "config", environment);
  const credentials = read("AWS_SHARED_CREDENTIALS_FILE", "credentials", environment);
  const found = [
    ...(chosen === "default" ? [config.get("default")] : []),
    config.get(`profile ${chosen}`),
    credentials.get(chosen),
  ].filter((section) => section !== undefined);
  const says = new Map(found.flatMap((section) => [...section]));
  const services = config.get(`services ${says.get("services")}`);
  for (const [key, value] of services ?? []) says.set(key, value);
  return { name: chosen, says, exists: found.length > 0 };
}

function read(variable: string, file: string, environment: Environment): Map<string, Section> {
  const home = environment["HOME"] || homedir();
  const path = environment[variable] || join(home, ".aws", file);
  try {
    return parseIni(readFileSync(path.replace(/^~(?=\/)/, home), "utf8"));
  } catch (error) {
    if (errno(error) === "ENOENT") return new Map();
    throw new RemoteMistake(`cannot read ${path} (${errno(error)})`);
  }
}

/** What a line says that makes no sense is passed over, as AWS's tools do. */
export function parseIni(text: string): Map<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let above = "";
  for (const line of text.split(/\r?\n/)) {
    const said = line.replace(/(^|\s)[;#].*/, "").trimEnd();
    const [, head] = /^\[\s*(.*?)\s*\]/.exec(said) ?? [];
    if (head !== undefined) {
      const name = head.replace(/\s+/g, " ").replace(/"/g, "");
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      above = "";
      continue;
    }
    const [, space, key, value] = /^(\s*)([^=\s]+)\s*=\s*(.*)$/.exec(said) ?? [];
    if (key === undefined || value === undefined) continue;
    const nested = space !== "" && above !== "";
    section?.set(nested ? `${above}.${key}` : key.toLowerCase(), value);
    if (!nested) above = value === "" ? key.toLowerCase() : "";
  }
  return sections;
}
