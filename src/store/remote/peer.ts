/**
 * One remote as a run uses it: a bounded number of requests at a time, each with a timeout and
 * retries; what is down or refuses is left alone for the rest of the run; trouble is told once.
 * Knows no record.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Limit } from "./limit.ts";
import { type Call, type Kind, type Remote, RemoteFailure } from "./remote.ts";

/** Requests at a time: of what is small, and of what is not. */
const SMALL_MAX = 24;
const LARGE_MAX = 6;
const SMALL_BYTES = 256 * 1024;
const TRIES_MAX = 4;
const BACKOFF_MS = 150;
/** So many requests in a row fail, all tries included, before a remote counts as down. */
const FAILURES_MAX = 3;
/** A transfer slower than this is given up. Bytes per second. */
const RATE_MIN = 16 * 1024;

interface Transfer {
  /** Bytes that come or go, as far as known; 0 for a question or a record. */
  readonly size: number;
  readonly upload?: boolean;
}

export interface PeerOptions {
  readonly name: string;
  /** Seconds without an answer, or without a further byte of it. */
  readonly timeout: number;
  onProblem(message: string): void;
  /** Aborted when nobody waits for this remote any more. */
  readonly signal: AbortSignal;
}

export class Peer {
  readonly remote: Remote;
  readonly name: string;
  readonly #options: PeerOptions;
  readonly #small = new Limit(SMALL_MAX);
  readonly #large = new Limit(LARGE_MAX);
  #failures = 0;
  #told = false;
  #down: string | undefined;
  #noPush: string | undefined;

  constructor(remote: Remote, options: PeerOptions) {
    this.remote = remote;
    this.name = options.name;
    this.#options = options;
  }

  /** Why nothing more can be asked of it; undefined while it works. */
  get down(): string | undefined {
    return this.#down;
  }

  /** Why nothing more can be put there; undefined while it works. */
  get noPush(): string | undefined {
    return this.#noPush ?? this.#down;
  }

  has(kind: Kind, hex: string): Promise<boolean> {
    return this.#reading({ size: 0 }, (call) => this.remote.has(kind, hex, call));
  }

  /**
   * Hands the bytes to `take`, anew on every try; undefined if there is nothing of that name.
   * @param size - bytes expected, for the timeout
   */
  get<T>(
    kind: Kind,
    hex: string,
    size: number,
    take: (pieces: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T | undefined> {
    return this.#reading({ size }, async (call) => {
      const pieces = await this.remote.get(kind, hex, call);
      return pieces && (await take(pieces));
    });
  }

  /**
   * @param bytes - read when it is their turn, so that few are in memory
   * @param size - bytes expected; 0 for what is small
   */
  async put(kind: Kind, hex: string, bytes: () => Uint8Array, size: number): Promise<void> {
    if (this.noPush !== undefined) throw new RemoteFailure("failed", this.noPush);
    try {
      const transfer = { size, upload: true };
      await this.#ask(transfer, (call) => this.remote.put(kind, hex, bytes(), call));
    } catch (error) {
      if (error instanceof RemoteFailure && !this.#options.signal.aborted) {
        if (error.kind === "refused") {
          this.#noPush ??= error.message;
          this.tell(`takes nothing: ${error.message}`);
        } else if (error.kind === "failed") this.tell(`does not take everything: ${error.message}`);
      }
      throw error;
    }
  }

  /** The first trouble of a run is told, and only the first. */
  tell(problem: string): void {
    if (this.#told) return;
    this.#told = true;
    this.#options.onProblem(`remote ${JSON.stringify(this.name)} ${problem}`);
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
    return limit.run(() => this.#retry(transfer, action));
  }

  /** Tries again after transient failures, as long as one timeout lasts. */
  async #retry<T>(transfer: Transfer, action: (call: Call) => Promise<T>): Promise<T> {
    const { timeout, signal } = this.#options;
    const started = performance.now();
    for (let tries = 1; ; tries++) {
      if (this.#down !== undefined) throw new RemoteFailure("failed", this.#down);
      signal.throwIfAborted();
      try {
        const answer = await this.#once(transfer, action);
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
      await sleep(Math.random() * BACKOFF_MS * 2 ** tries, undefined, { signal });
    }
  }

  async #once<T>({ size, upload }: Transfer, action: (call: Call) => Promise<T>): Promise<T> {
    const { timeout, signal } = this.#options;
    const end = new AbortController();
    const endWith = (problem: string, seconds: number) =>
      setTimeout(() => end.abort(new RemoteFailure("transient", problem)), seconds * 1000);
    const silent = (seconds: number) => endWith(`gave no answer for ${timeout} s`, seconds);
    const stop = () => end.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    // While bytes are sent, nothing comes back.
    let silence = silent(timeout + (upload ? size / RATE_MIN : 0));
    const slowness = endWith("is too slow", 2 * timeout + size / RATE_MIN);
    const alive = () => {
      clearTimeout(silence);
      silence = silent(timeout);
    };
    try {
      return await action({ signal: end.signal, alive });
    } finally {
      clearTimeout(silence);
      clearTimeout(slowness);
      signal.removeEventListener("abort", stop);
    }
  }

  #goDown(problem: string): void {
    this.#down ??= problem;
    this.tell(`${problem}; going on without it`);
  }
}
