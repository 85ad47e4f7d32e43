/** What the process that watches files and the runs that it starts say to each other. */

/** From a run. */
export type FromRun =
  /** A file that it reads, or looks for, or a folder or pattern that it lists. */
  | { readonly kind: "read"; readonly path: string }
  /** The pipeline is sound: the keys of all actions that may run. Earlier runs are of no more use. */
  | { readonly kind: "wanted"; readonly keys: readonly string[] }
  /** It is silent now. */
  | { readonly kind: "hushed" };

/** To a run. */
export type ToRun =
  | { readonly kind: "hush"; readonly quiet: boolean }
  /** Another run takes over, and wants these actions. */
  | { readonly kind: "replaced"; readonly keys: readonly string[] }
  | { readonly kind: "stop" };
