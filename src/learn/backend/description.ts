/**
 * What can be said of a backend. Apart from the backend itself, so that the types of the library do not
 * lead to those of TensorFlow.js, which are not valid everywhere.
 */
export type BackendName = "wasm" | "tensorflow";

export interface BackendDescription {
  readonly name: BackendName;
  readonly available: boolean;
  /** The version, or one line that says why the backend cannot be used. */
  readonly detail: string;
}
