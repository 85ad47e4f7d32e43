/** The content of a crate: a run, its artifacts, and the files that the pipeline is made of. */
import type { StoreRecord } from "../store/record.ts";
import type { Artifact } from "../table/schema.ts";

/** A file in the crate. */
export interface CrateFile {
  /** Relative to the crate, with `/`, not encoded. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** `sha256:…` of its bytes. */
  readonly digest: string;
  /** A media type. */
  readonly format: string;
}

/** The pipeline file, one that it extends, code that it uses, or a file that a parameter names. */
export interface WorkflowFile extends CrateFile {
  readonly role: "pipeline" | "extended" | "module" | "input";
}

/** An output of an instance, as a file. */
export interface CrateArtifact extends CrateFile {
  /** `stage[axis=value]`. */
  readonly id: string;
  readonly stage: string;
  readonly port: string;
  readonly artifact: Artifact;
  readonly record: StoreRecord;
  /** The artifacts that its instance read, as `nameOf` names them; members of collected inputs too. */
  readonly reads: readonly string[];
}

/** `stage[axis=value].port` */
export function nameOf({ id, port }: Pick<CrateArtifact, "id" | "port">): string {
  return `${id}.${port}`;
}

export interface CrateContent {
  readonly pipeline: string;
  /** The versions of Blockspin and of the format of pipeline files. */
  readonly versions: { readonly software: string; readonly format: string };
  readonly run: {
    readonly name: string;
    /** ISO 8601; undefined for a run that was killed at its start. */
    readonly at: string | undefined;
    readonly seconds: number | undefined;
    readonly counts: Readonly<Record<"ran" | "cached" | "failed" | "skipped", number>>;
  };
  /** `name=value`, given on the command line. */
  readonly overrides: readonly string[];
  /** ISO 8601. */
  readonly published: string;
  /** An SPDX identifier or a URL; undefined if none is given. */
  readonly license: string | undefined;
  /** The pipeline's parameters, by name, as JSON. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Includes the pipeline file. */
  readonly workflow: readonly WorkflowFile[];
  /** The JSON Schema of pipeline files, which describes the language and its node types. */
  readonly schema: CrateFile;
  readonly artifacts: readonly CrateArtifact[];
}
