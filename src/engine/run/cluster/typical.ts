/** How long actions of a node type take, as far as this run has seen: for those that nothing is known of. */

/** Short enough that a first batch is small. */
export const unknownSeconds = 60;

export class Typical {
  readonly #seen = new Map<string, { count: number; seconds: number }>();

  add(type: string, seconds: number): void {
    if (!(seconds > 0)) return;
    const seen = this.#seen.get(type) ?? { count: 0, seconds: 0 };
    this.#seen.set(type, { count: seen.count + 1, seconds: seen.seconds + seconds });
  }

  secondsOf(type: string): number {
    const seen = this.#seen.get(type);
    return seen ? seen.seconds / seen.count : unknownSeconds;
  }
}
