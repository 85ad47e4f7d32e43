/**
 * A remote: a transport with policy. Limits requests, retries them, leaves a remote that is down or
 * refuses alone for the rest of the run, reports the first problem, and remembers whom to trust and
 * which objects are there. Reads no record.
 */

import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import pLimit, { type LimitFunction } from "p-limit";
import type { Digest } from "../../table/digest.ts";
import { attempt, type Transfer } from "./attempt.ts";
import { type Survey, survey } from "./survey.ts";
import { noTraffic, type Traffic } from "./traffic.ts";
import { type Area, type Call, RemoteFailure, type Transport } from "./transport.ts";
import type { Trust } from "./trust.ts";

/** Requests at a time, small and large ones, unless the transport says how many. */
const SMALL_MAX = 24;
const LARGE_MAX = 6;
const SMALL_BYTES = 256 * 1024;
const TRIES_MAX = 4;
const BACKOFF_MS = 150;
/** A remote is down after so many failed requests in a row, each with all its tries. */
const FAILURES_MAX = 3;

export interface RemoteOptions {
  /** For messages. */
  readonly name: string;
  /** Whether it takes uploads. */
  readonly push: boolean;
  readonly trust: Trust;
  /** Seconds without an answer, or without a further byte of it. */
  readonly timeout: number;
  onProblem(message: string): void;
}

export class Remote {
  readonly name: string;
  readonly push: boolean;
  readonly trust: Trust;
  readonly traffic: Traffic = noTraffic();
  /** Objects that the remote said it has. */
  readonly present = new Set<Digest>();
  /** Objects that it could not give, or gave wrong. */
  readonly bad = new Set<Digest>();
  readonly #transport: Transport;
  readonly #options: RemoteOptions;
  readonly #small: LimitFunction;
  readonly #large: LimitFunction;
  readonly #end = new AbortController();
  #failures = 0;
  #reported = false;
  #down: string | undefined;
  #noPush: string | undefined;

  constructor(transport: Transport, options: RemoteOptions) {
    this.#transport = transport;
    this.#small = pLimit(transport.width ?? SMALL_MAX);
    this.#large = pLimit(transport.width ?? LARGE_MAX);
    this.name = options.name;
    this.push = options.push;
    this.trust = options.trust;
    this.#options = options;
    setMaxListeners(0, this.#end.signal); // One for every request in flight.
  }

  get place(): string {
    return this.#transport.place;
  }

  /** Why the remote cannot be asked any more; undefined while it works. */
  get down(): string | undefined {
    return this.#down;
  }

  /** Why the remote takes nothing any more; undefined while it works. */
  get noPush(): string | undefined {
    return this.#noPush ?? this.#down;
  }

  /** Whether it is worth asking for an object. */
  mayHave(digest: Digest): boolean {
    return this.#down === undefined && !this.bad.has(digest);
  }

  has(area: Area, hex: string): Promise<boolean> {
    return this.#reading({ size: 0 }, (call) => this.#transport.has(area, hex, call));
  }

  /** What the remote has of some names, as far as it says so with few requests. */
  async survey(area: Area, hexes: Iterable<string>): Promise<Survey> {
    const transport = this.#transport;
    if (!transport.list || this.#down !== undefined) return new Map();
    const list = (after: string) =>
      this.#reading({ size: 0 }, (call) => transport.list!(area, after, call));
    try {
      return await survey(hexes, list);
    } catch (error) {
      // Then it is asked for each name, and reported if that fails too.
      if (error instanceof RemoteFailure || (error as Error).name === "AbortError")
        return new Map();
      throw error;
    }
  }

  /**
   * Hands the bytes to `take`, again on every try; undefined if there is nothing of that name.
   * @param size - expected bytes, for the timeout
   */
  get<T>(
    area: Area,
    hex: string,
    size: number,
    take: (pieces: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T | undefined> {
    return this.#reading({ size }, async (call) => {
      const pieces = await this.#transport.get(area, hex, call);
      return pieces && (await take(pieces));
    });
  }

  /**
   * @param bytes - called when the request begins, so that few bytes are in memory
   * @param size - expected bytes; 0 for a record
   * @param keep - may leave what is there
   */
  async put(
    area: Area,
    hex: string,
    bytes: () => Uint8Array,
    size: number,
    keep = false,
  ): Promise<void> {
    if (this.noPush !== undefined) throw new RemoteFailure("failed", this.noPush);
    try {
      const transfer = { size, upload: true };
      await this.#ask(transfer, (call) => this.#transport.put(area, hex, bytes(), call, keep));
    } catch (error) {
      if (error instanceof RemoteFailure && !this.#end.signal.aborted) {
        if (error.kind === "refused") {
          this.#noPush ??= error.message;
          this.report(`takes nothing: ${error.message}`);
        } else if (error.kind === "failed") {
          this.report(`does not take everything: ${error.message}`);
        }
      }
      throw error;
    }
  }

  /** Reports the first problem of a run, and no other. */
  report(problem: string): void {
    if (this.#reported) return;
    this.#reported = true;
    this.#options.onProblem(`remote ${JSON.stringify(this.name)} ${problem}`);
  }

  /** To be called after questions: reports what may be wrong though none of them failed. */
  conclude(): void {
    const { doubt } = this.#transport;
    if (doubt !== undefined) this.report(doubt);
  }

  /** Ends every request; nobody waits for an answer any more. */
  stop(): void {
    this.#end.abort(new RemoteFailure("failed", "nobody waits any more"));
  }

  async #reading<T>(transfer: Transfer, action: (call: Call) => Promise<T>): Promise<T> {
    try {
      return await this.#ask(transfer, action);
    } catch (error) {
      if (error instanceof RemoteFailure && error.kind === "refused") this.#goDown(error.message);
      throw error;
    }
  }

  #ask<T>(transfer: Transfer, action: (call: Call) => Promise<T>): Promise<T> {
    const limit = transfer.size > SMALL_BYTES ? this.#large : this.#small;
    return limit(() => this.#retry(transfer, action));
  }

  /** Tries again after transient failures until one timeout has passed. */
  async #retry<T>(transfer: Transfer, action: (call: Call) => Promise<T>): Promise<T> {
    const { timeout } = this.#options;
    const { signal } = this.#end;
    const started = performance.now();
    for (let tries = 1; ; tries++) {
      if (this.#down !== undefined) throw new RemoteFailure("failed", this.#down);
      signal.throwIfAborted();
      try {
        const answer = await attempt(transfer, timeout, signal, action);
        this.#failures = 0;
        return answer;
      } catch (error) {
        if (!(error instanceof RemoteFailure) || error.kind !== "transient") throw error;
        const elapsed = performance.now() - started;
        if (tries === TRIES_MAX || elapsed >= timeout * 1000) {
          if (++this.#failures >= FAILURES_MAX) this.#goDown(error.message);
          throw error;
        }
      }
      // Full jitter, so that many clients do not come back at once.
      const pause = Math.random() * BACKOFF_MS * 2 ** tries;
      // The reason to end is no trouble of the remote; the error that `sleep` makes of it would be.
      await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  #goDown(problem: string): void {
    this.#down ??= problem;
    this.report(`is left out of this run: ${problem}`);
  }
}
