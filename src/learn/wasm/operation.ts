/** What every kind of layer can do with a batch in the kernel's memory. Knows no kind. */
import type { Parameters } from "./parameters.ts";

/** A layer without its activation. All arguments are addresses, but for numbers of rows. */
export interface Operation {
  /** z (rows x outputs) from x (rows x inputs). */
  forward(x: number, rows: number, z: number): void;
  /** From dL/dz: dL/dW and dL/db to `slopes`, if given; dL/dx to `dx`, unless it is 0. */
  backward(x: number, rows: number, dz: number, slopes: Parameters | undefined, dx: number): void;
}
