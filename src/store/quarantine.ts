/** The shelf for what is damaged, kept for a look. Does not know what makes it damaged. */
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
  readonly name: Digest | ActionKey;
  readonly reason: string;
  /** Where it lies now; undefined if it could not be moved. */
  readonly quarantined: string | undefined;
}

type Found = Omit<Damage, "quarantined">;

export class Quarantine {
  /** Everything that this process set aside in the store, oldest first. */
  readonly damages: Damage[] = [];
  readonly #shelf: string;
  readonly #onDamage: ((damage: Damage) => void) | undefined;
  /** Paths of damaged files that could not be moved, such as in a read-only store. */
  readonly #stuck = new Set<string>();

  constructor(shelf: string, onDamage: ((damage: Damage) => void) | undefined) {
    this.#shelf = shelf;
    this.#onDamage = onDamage;
  }

  /** Moves a damaged file here, and reports it. */
  take(path: string, found: Found): void {
    const damage = this.#move(path, found);
    if (!damage || this.#stuck.has(path)) return;
    if (damage.quarantined === undefined) this.#stuck.add(path);
    this.damages.push(damage);
    this.#onDamage?.(damage);
  }

  /** Moves a file here at somebody's wish, without a report. */
  setAside(path: string, found: Found): void {
    const damage = this.#move(path, found);
    if (damage) this.damages.push(damage);
  }

  /** Whether a file is damaged and could not be moved. */
  isStuck(path: string): boolean {
    return this.#stuck.has(path);
  }

  /** Whether anything lies here under that name. */
  holds(name: Digest | ActionKey): boolean {
    return namesIn(this.#shelf).some((file) => file.startsWith(`${hexOf(name)}-`));
  }

  /** Whether a file of exactly these bytes lies here under that name. */
  has(name: Digest | ActionKey, text: string): boolean {
    const files = namesIn(this.#shelf).filter((file) => file.startsWith(hexOf(name)));
    const bytes = Buffer.from(text);
    return files.some((file) =>
      bytes.equals(readBytes(join(this.#shelf, file)) ?? new Uint8Array()),
    );
  }

  /** Undefined if the file is gone, since another process was faster. */
  #move(path: string, found: Found): Damage | undefined {
    const { name, kind } = found;
    const quarantined = join(this.#shelf, `${hexOf(name)}-${randomUUID().slice(0, 8)}.${kind}`);
    try {
      makeFolder(this.#shelf);
      renameSync(path, quarantined);
      return { ...found, quarantined };
    } catch (error) {
      if (errno(error) === "ENOENT") return undefined;
      return { ...found, quarantined: undefined };
    }
  }
}
