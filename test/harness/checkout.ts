/** Several checkouts of a project that share a remote. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Space } from "./space.ts";

export const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

export const pipelines = fileURLToPath(new URL("../../pipelines", import.meta.url));

/** A pipeline of probe nodes. */
export const probe = (stages: string) =>
  `blockspin: 1\nname: test\nuse: [${JSON.stringify(fixture("probe-node.js"))}]\nstages:\n${stages}`;

/** Three stages in a row; the last one's output is the result. */
export const chain = probe(`
  first: { node: probe, with: { a: 1 } }
  second: { node: probe, inputs: { x: first } }
  last: { node: probe, inputs: { x: second } }
results: [last]
`);

/** One remote, called lab. */
export const config = (url: string, more = "push: true, trust: anyone") =>
  `remotes:\n  lab: { url: ${JSON.stringify(url)}, ${more} }\n`;

/** A checkout with a pipeline `p.yaml`. */
export function checkout(pipeline: string, settings: string): Space {
  const space = new Space();
  space.write("p.yaml", pipeline);
  space.write("blockspin.config.yaml", settings);
  return space;
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));

/** Bytes of all files in a folder. */
export function bytesIn(folder: string): number {
  return filesIn(folder).reduce((total, path) => total + statSync(path).size, 0);
}

/** The content of all files in a folder, in one string. */
export function textIn(folder: string): string {
  return filesIn(folder)
    .map((path) => readFileSync(path, "latin1"))
    .join("\n");
}

interface Amount {
  readonly records: number;
  readonly objects: number;
  readonly bytes: number;
}

/** What a run reported about its one remote. */
export const shared = (run: { readonly events: readonly { readonly event: string }[] }) =>
  run.events.find(({ event }) => event === "shared") as unknown as {
    readonly pulled: Amount;
    readonly pushed: Amount;
    readonly ignored: object;
    readonly waiting: number;
  };

/** Values of `--set` that keep every stage, rule and model of fixtures/small.yaml, for one seed. */
export const oneSeed = [
  ...["seeds=[1]", "train_samples=40", "test_samples=20", "epochs=2", "critic_batch=40"],
  ...["betas=[0.3,0.6]", "critic_betas=[0,0.5,1]"],
];
