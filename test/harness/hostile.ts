/**
 * A remote whose trusted colleague lies: the records have right checks and signatures, and wrong
 * content. Changes the files, as anybody with the key can.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { artifactDigest, hexOf, sha256 } from "../../src/store/digest.ts";
import { generateKey, type Signer, signerOf } from "../../src/store/sign.ts";
import type { Digest } from "../../src/table/digest.ts";
import type { Artifact, Chunk, Columns } from "../../src/table/schema.ts";
import { checkout } from "./checkout.ts";
import { Space } from "./space.ts";

// biome-ignore lint/suspicious/noExplicitAny: JSON that a test takes apart.
export type Json = Record<string, any>;

const { pem } = generateKey();

export class HostileRemote implements Disposable {
  readonly space: Space;
  readonly signer: Signer = signerOf(pem);
  /** Keys of the instances that the honest colleague ran, by id. */
  readonly keys: ReadonlyMap<string, string>;

  private constructor(space: Space, keys: ReadonlyMap<string, string>) {
    this.space = space;
    this.keys = keys;
  }

  get folder(): string {
    return this.space.path("remote");
  }

  /** A remote with what an honest run of a pipeline shares. */
  static async filledBy(pipeline: string): Promise<HostileRemote> {
    const space = new Space();
    mkdirSync(space.path("remote"));
    using colleague = checkout(pipeline, settings(space.path("remote"), "push: true"));
    const env = { BLOCKSPIN_SIGNING_KEY: pem };
    const run = await colleague.run("p.yaml", [], { env });
    const pushed = await colleague.cli(["cache", "push", "p.yaml"], { env });
    if (run.code !== 0 || pushed.code !== 0) throw new Error(run.stderr + pushed.stderr);
    const instances = run.events.filter(({ event }) => event === "instance");
    const keys = instances.map((event) => [String(event["id"]), String(event["key"])] as const);
    return new HostileRemote(space, new Map(keys));
  }

  /** A copy to lie on. */
  copy(): HostileRemote {
    const space = new Space();
    cpSync(this.folder, space.path("remote"), { recursive: true });
    return new HostileRemote(space, this.keys);
  }

  /** The checkout of somebody who trusts the colleague. */
  victim(pipeline: string): Space {
    return checkout(pipeline, settings(this.folder, `trust: [${this.signer.publicKey}]`));
  }

  path(kind: "ac" | "cas", digest: string): string {
    return join(this.folder, kind, hexOf(digest as Digest));
  }

  record(key: string): Json {
    return JSON.parse(readFileSync(this.path("ac", key), "utf8"));
  }

  /** The names of all files, in hexadecimal digits. */
  files(kind: "ac" | "cas"): string[] {
    return readdirSync(join(this.folder, kind));
  }

  records(): Json[] {
    const all = this.files("ac").map((hex) => this.record(`sha256:${hex}`));
    return all.filter((record) => record["preimage"]);
  }

  /** Changes a record and signs it. */
  lie(key: string, change: (record: Json) => Json): void {
    const { check: _, signature: __, ...rest } = change(this.record(key));
    const check = sha256(JSON.stringify(rest));
    const text = JSON.stringify({ check, signature: this.signer.sign(check), ...rest });
    writeFileSync(this.path("ac", key), text);
  }

  put(kind: "ac" | "cas", digest: string, bytes: Uint8Array | string): void {
    writeFileSync(this.path(kind, digest), bytes);
  }

  /** An artifact of one object with these bytes, whatever they are. */
  artifact(bytes: Uint8Array, schema: Columns, rows: number): Artifact {
    const chunk = { digest: sha256(bytes), rows, bytes: bytes.length };
    if (!existsSync(this.path("cas", chunk.digest))) this.put("cas", chunk.digest, bytes);
    return artifact(schema, [chunk]);
  }

  [Symbol.dispose](): void {
    this.space[Symbol.dispose]();
  }
}

/** An artifact as a record names it, with a digest that is right. */
export function artifact(schema: Columns, chunks: readonly Chunk[]): Artifact {
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  return { digest: artifactDigest(schema, chunks), schema, chunks, rows };
}

const settings = (folder: string, more: string) =>
  `remotes:\n  lab: { url: ${JSON.stringify(folder)}, ${more} }\n`;

/** The warnings that a person sees. */
export const warningsIn = (stderr: string) =>
  stderr.split("\n").filter((line) => line.startsWith("warning["));
