/**
 * The parts of a live page, each with the version in which it last changed. Draws only while somebody
 * looks, and no more often than drawing is cheap. Knows no server.
 */

/** Makes parts by name: all of them, or those that change with every event. */
export interface Painter {
  quick(): ReadonlyMap<string, string>;
  all(): Promise<ReadonlyMap<string, string>>;
}

export interface Part {
  readonly section: string;
  readonly html: string;
}

/** Least time from one whole drawing to the next, and how many times as long as it takes. */
const [leastMs, patience] = [700, 4];

export class Board {
  readonly #painter: Painter;
  readonly #parts = new Map<string, { html: string; version: number }>();
  #version = 0;
  #stale = true;
  #next = 0;
  #trouble = "";
  #drawing: Promise<void> | undefined;

  constructor(painter: Painter) {
    this.#painter = painter;
  }

  get version(): number {
    return this.#version;
  }

  /** Why the last whole drawing failed; the parts are older then. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Something happened that other parts than the quick ones may show. */
  touch(): void {
    this.#stale = true;
  }

  /**
   * Brings the parts up to date: the quick ones at once, and the others meanwhile, which takes a while
   * where thousands of instances are read. `whole` waits for them, and not for their turn.
   */
  async draw(whole = false): Promise<void> {
    if (whole) await this.#drawing;
    this.#take(this.#painter.quick());
    if (!this.#drawing && this.#stale && (whole || performance.now() >= this.#next)) {
      this.#drawing = this.#drawAll().finally(() => {
        this.#drawing = undefined;
      });
    }
    // It may be another's.
    if (whole) await this.#drawing;
  }

  async #drawAll(): Promise<void> {
    const began = performance.now();
    this.#stale = false;
    try {
      this.#take(await this.#painter.all());
      this.#trouble = "";
    } catch (error) {
      // A run must not end because somebody looks at it.
      this.#trouble = (error as Error).message;
      this.#stale = true;
    }
    const took = performance.now() - began;
    this.#next = performance.now() + Math.max(leastMs, patience * took);
  }

  #take(parts: ReadonlyMap<string, string>): void {
    const changed = [...parts].filter(([name, html]) => this.#parts.get(name)?.html !== html);
    if (changed.length === 0) return;
    this.#version++;
    for (const [name, html] of changed) this.#parts.set(name, { html, version: this.#version });
  }

  part(name: string): string {
    return this.#parts.get(name)?.html ?? "";
  }

  changedSince(version: number): Part[] {
    return [...this.#parts].flatMap(([section, part]) =>
      part.version > version ? { section, html: part.html } : [],
    );
  }
}
