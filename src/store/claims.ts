/**
 * Claims: who computes a key now, so that nobody else does. They save work; correctness does not
 * depend on them. Knows no record.
 *
 * A claim is a file, linked into place (exclusive, and whole from the start), that holds its
 * process and a token. It is dead if its process is gone or, where that cannot be seen, if the
 * file was not touched for a minute; the owner rewrites it every 5 s, so that both times compared
 * are of the file server's clock.
 *
 * All claims that a process holds at a time are names of one file: to claim a key takes one call of the
 * system, and one write touches them all. The file is made for the first claim and goes with the last.
 *
 * Two processes that find the same dead claim must not both replace it. To replace the claim with
 * token t, a process first claims the name `<key>.t` by these same rules, then looks again, and
 * renames its own claim over the dead one only if the token is still t. A dead process's token never
 * recurs, so a latecomer finds another token and leaves the new claim alone.
 */

import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ActionKey } from "../table/digest.ts";
import { hexOf } from "./digest.ts";
import { errno, readFailure } from "./errors.ts";
import { addName, namesIn, openTemporary, remove, writeAll } from "./files.ts";
import type { Folders } from "./layout.ts";
import { isAlive, type ProcessIdentity, thisProcess } from "./process-identity.ts";

const TOUCH_MS = 5000;
const DEAD_AFTER_MS = 60_000;
const POLL_MS = 100;
const LOOK_MS = 20;
const DAY_MS = 24 * 3600 * 1000;

/** The process that holds a claim. */
export interface Holder extends ProcessIdentity {
  /** ISO 8601. */
  readonly since: string;
}

interface ClaimFile extends Holder {
  readonly token: string;
  /** When the file was last touched, by the file server's clock. */
  readonly touched: number;
}

/** The file whose names are claims. */
class Seat {
  readonly path: string;
  readonly token: string;
  readonly holder: Holder;
  readonly #file: number;
  readonly #text: string;
  /** How many claims are names of it. */
  users = 0;

  constructor(tmp: string) {
    this.token = randomUUID();
    this.holder = { ...thisProcess(), since: new Date().toISOString() };
    this.#text = JSON.stringify({ ...this.holder, token: this.token });
    ({ path: this.path, file: this.#file } = openTemporary(tmp, 0o644));
    try {
      writeAll(this.#file, Buffer.from(this.#text));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Writes the same text again; a reader sees no difference but the time. */
  touch(): void {
    try {
      writeSync(this.#file, this.#text, 0);
    } catch {
      // A full disk: others may take the claims over, and do the work twice.
    }
  }

  /** The time of the file server. */
  now(): number {
    this.touch();
    return fstatSync(this.#file).mtimeMs;
  }

  /** Whether a name is one of this file. */
  has(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(this.#file).ino;
  }

  close(): void {
    remove(this.path);
    closeSync(this.#file);
  }
}

/** Held until `release`, or until the process ends. */
export class Claim {
  readonly #release: () => void;
  readonly #seat: Seat;
  #held = true;

  constructor(seat: Seat, release: () => void) {
    this.#seat = seat;
    this.#release = release;
  }

  touch(): void {
    this.#seat.touch();
  }

  release(): void {
    if (this.#held) this.#release();
    this.#held = false;
  }
}

export class Claims {
  readonly #folders: Folders;
  /** The claims that are held, by path. */
  readonly #held = new Map<string, Seat>();
  /** The one that the next claim gets. */
  #seat: Seat | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The names of the claims of all processes, and when they were read. */
  #seen = { names: new Set<string>(), at: Number.NEGATIVE_INFINITY };

  constructor(folders: Folders) {
    this.#folders = folders;
  }

  /** Claims a key, or returns who has it. Never waits. Throws `StoreError`. */
  acquire(key: ActionKey): Claim | { readonly holder: Holder } {
    return this.#folders.writing(this.#path(hexOf(key)), () => this.#acquire(hexOf(key)));
  }

  /** Whether anybody may have a key, by the claims of a moment ago: one look serves many keys. */
  mayBeHeld(key: ActionKey): boolean {
    const now = performance.now();
    if (now - this.#seen.at > LOOK_MS)
      this.#seen = { names: new Set(namesIn(this.#folders.shelf("claims"))), at: now };
    return this.#seen.names.has(hexOf(key));
  }

  /** The live process that has a key, if any. */
  holder(key: ActionKey): Holder | undefined {
    const path = this.#path(hexOf(key));
    // To ask first costs a sixth of an error that says that there is none.
    const claim = existsSync(path) ? readClaim(path) : undefined;
    return claim && !isDead(claim, Date.now()) ? claim : undefined;
  }

  /**
   * Resolves when nobody has the key any more; the store knows whether the work is done. Rejects
   * when the signal aborts.
   */
  async waitFor(
    key: ActionKey,
    options: { signal?: AbortSignal; poll?: number } = {},
  ): Promise<void> {
    const { signal, poll = POLL_MS } = options;
    do {
      await sleep(poll, undefined, signal ? { signal } : {});
    } while (this.holder(key));
  }

  /** Gives up the claim of a process that is known to have ended, wherever it ran. */
  giveUp(key: ActionKey, { machine, pid, start }: ProcessIdentity): void {
    const path = this.#path(hexOf(key));
    const claim = readClaim(path);
    if (claim?.machine === machine && claim.pid === pid && claim.start === start) remove(path);
  }

  /** Removes the claims of dead processes that are more than a day old. */
  sweep(now: number): void {
    this.#removeIf(({ touched }) => now - touched >= DAY_MS);
  }

  /**
   * Removes the claims of this machine's dead processes: a process that was killed after its work was
   * done leaves a claim that nobody will ask for.
   */
  sweepDead(): void {
    this.#removeIf((claim) => claim.machine === thisProcess().machine && !isAlive(claim));
  }

  #removeIf(isLeft: (claim: ClaimFile) => boolean): void {
    for (const name of namesIn(this.#folders.shelf("claims"))) {
      const claim = readClaim(this.#path(name));
      if (!claim || !isLeft(claim)) continue;
      const mine = this.#acquire(name);
      if (mine instanceof Claim) mine.release();
    }
  }

  #path(name: string): string {
    return join(this.#folders.shelf("claims"), name);
  }

  #acquire(name: string): Claim | { readonly holder: Holder } {
    const path = this.#path(name);
    const mine = this.#held.get(path);
    if (mine?.has(path)) return { holder: mine.holder };
    try {
      for (;;) {
        this.#seat ??= new Seat(this.#folders.shelf("tmp"));
        const seat = this.#seat;
        const named = addName(seat.path, path);
        // Without links, a file is one claim.
        if (named === "moved") this.#seat = undefined;
        if (named !== "taken") return this.#hold(path, seat);
        const claim = readClaim(path);
        if (!claim) continue;
        // A file server may answer a repeated request with "it exists", though it is our own.
        if (claim.token === seat.token) return this.#hold(path, seat);
        if (!isDead(claim, seat.now())) return { holder: claim };
        const right = this.#acquire(`${name.slice(0, 64)}.${claim.token}`);
        if (!(right instanceof Claim)) return right;
        try {
          if (readClaim(path)?.token === claim.token) return this.#replace(path);
        } finally {
          right.release();
        }
      }
    } finally {
      if (this.#seat?.users === 0) this.#end(this.#seat);
    }
  }

  /** Puts a claim in the place of a dead one. */
  #replace(path: string): Claim {
    const seat = new Seat(this.#folders.shelf("tmp"));
    try {
      renameSync(seat.path, path);
    } catch (error) {
      seat.close();
      throw error;
    }
    return this.#hold(path, seat);
  }

  #hold(path: string, seat: Seat): Claim {
    seat.users++;
    this.#held.set(path, seat);
    this.#timer ??= setInterval(() => {
      for (const held of new Set(this.#held.values())) held.touch();
    }, TOUCH_MS).unref();
    return new Claim(seat, () => {
      // Another host may have taken over while this one was asleep: then the name is no longer ours.
      if (seat.has(path)) remove(path);
      if (this.#held.get(path) === seat) this.#held.delete(path);
      if (--seat.users === 0) this.#end(seat);
    });
  }

  /** Ends the use of a file that is no claim any more. */
  #end(seat: Seat): void {
    seat.close();
    if (this.#seat === seat) this.#seat = undefined;
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function isDead(claim: ClaimFile, now: number): boolean {
  if (claim.machine === thisProcess().machine) return !isAlive(claim);
  return now - claim.touched > DEAD_AFTER_MS;
}

function readClaim(path: string): ClaimFile | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (errno(error) === "ENOENT") return undefined;
    throw readFailure(path, error);
  }
  try {
    const { mtimeMs: touched, ino } = fstatSync(file);
    try {
      return { ...(JSON.parse(readFileSync(file, "utf8")) as ClaimFile), touched };
    } catch {
      // Torn by a power cut: it counts as nobody's once it is old.
      const nobody = { host: "unknown", machine: "", pid: 0, start: null, since: "" };
      return { ...nobody, token: `torn-${ino}`, touched };
    }
  } finally {
    closeSync(file);
  }
}
