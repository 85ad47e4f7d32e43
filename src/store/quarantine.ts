/** The shelf for what is damaged, kept for a look. Knows not what makes it so. */

import { randomUUID } from "node:crypto";
import { renameSync } from "node:fs";
import { join } from "node:path";
import type { ActionKey, Digest } from "../table/digest.ts";
import { hexOf } from "./digest.ts";
import { errno } from "./errors.ts";
import { makeFolder, namesIn, readBytes } from "./files.ts";

/** Something that was found damaged, or was set aside by hand. */
export interface Damage {
  readonly kind: "object" | "record";
  /** Digest or key. */
  readonly name: Digest | ActionKey;
  readonly reason: string;
  /** Where it lies now; undefined if it could not be moved. */
  readonly quarantined: string | undefined;
}

/** Moves a file to the shelf; undefined if it is gone, since another process was faster. */
export function setAside(
  shelf: string,
  path: string,
  damage: Omit<Damage, "quarantined">,
): Damage | undefined {
  const { name, kind } = damage;
  const target = join(shelf, `${hexOf(name)}-${randomUUID().slice(0, 8)}.${kind}`);
  try {
    makeFolder(shelf);
    renameSync(path, target);
    return { ...damage, quarantined: target };
  } catch (error) {
    if (errno(error) === "ENOENT") return undefined;
    return { ...damage, quarantined: undefined };
  }
}

/** Whether a file of exactly these bytes lies on the shelf under that name. */
export function isSetAside(shelf: string, name: Digest | ActionKey, text: string): boolean {
  const ours = namesIn(shelf).filter((file) => file.startsWith(hexOf(name)));
  const bytes = Buffer.from(text);
  return ours.some((file) => bytes.equals(readBytes(join(shelf, file)) ?? new Uint8Array()));
}
