/** The metadata of a crate, of values made up here; and that the rules' own check can fail. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CrateContent } from "../../src/crate/content.ts";
import { crateMetadata } from "../../src/crate/crate.ts";
import { actionKey, named } from "../../src/store/digest.ts";
import { completeRecord } from "../../src/store/record.ts";
import type { Digest } from "../../src/table/digest.ts";
import { brokenInDocument, type CrateDocument } from "../harness/crate-rules.ts";

const digest = (letter: string) => named<Digest>(letter.repeat(64));

function record(preimage: Record<string, unknown>, startedAt = "2026-05-01T10:00:01.000Z") {
  const draft = {
    ...{ key: actionKey(preimage), preimage, outputs: {}, seconds: 1.5, startedAt },
    ...{ finishedAt: "2026-05-01T10:00:02.500Z", warnings: [], log: [] },
  };
  return { ...completeRecord(draft), computedBy: { host: "secret-host", user: "ada" } };
}

const file = (path: string) => ({ path, size: 12, digest: digest("a"), format: "text/csv" });
const artifact = (letter: string) => ({
  ...{ digest: digest(letter), rows: 3, chunks: [], schema: {} },
});
const first = record({ v: 1, node: "source", version: 2, params: { n: 3 }, inputs: {} });
const second = record({
  ...{ v: 1, node: "sink", version: 1, params: { w: [1, 2], on: true }, code: digest("c") },
  inputs: { data: digest("d") },
});
const content: CrateContent = {
  pipeline: "p",
  versions: { software: "1.2.3", format: "1" },
  run: {
    ...{ name: "20260501T100000000Z-abc", at: "2026-05-01T10:00:00.000Z", seconds: 60 },
    counts: { ran: 2, cached: 0, failed: 0, skipped: 0 },
  },
  overrides: ["n=3"],
  published: "2026-05-02T00:00:00.000Z",
  license: "CC-BY-4.0",
  params: { n: 3, betas: [0.5, 0.25], name: "x", flag: false, rate: 0.5 },
  workflow: [
    { ...file("workflow/p.yaml"), role: "pipeline" },
    { ...file("workflow/base file.yaml"), role: "extended" },
    { ...file("workflow/50%.csv"), role: "input" },
  ],
  schema: file("pipeline.schema.json"),
  artifacts: [
    {
      ...{ ...file("data/a.csv"), id: "a[x=1]", stage: "a", port: "out", record: first },
      ...{ artifact: artifact("d"), reads: [] },
    },
    {
      ...{ ...file("data/b.csv"), id: "b", stage: "b", port: "out", record: second },
      ...{ artifact: artifact("e"), reads: ["a[x=1].out", "a[x=2].out"] },
    },
  ],
};

const asDocument = (given: CrateContent) =>
  JSON.parse(JSON.stringify(crateMetadata(given))) as CrateDocument;
const entity = (id: string, given = content) =>
  asDocument(given)["@graph"].find((one) => one["@id"] === id)!;

test("crateMetadata breaks no rule of the profiles", () => {
  expect(brokenInDocument(asDocument(content))).toEqual([]);
});

test("crateMetadata breaks no rule whatever names and values it is given", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });
  const params = fc.dictionary(name, fc.oneof(fc.jsonValue(), fc.double()), { maxKeys: 4 });
  const license = fc.constantFrom(undefined, "MIT", "https://example.org/license");
  fc.assert(
    fc.property(name, name, params, license, (text, path, given, granted) => {
      const [a, b] = content.artifacts;
      const artifacts = [{ ...a!, id: `${text}[x=1]`, stage: text, path: `data/${path}.csv` }, b!];
      const whole = { ...content, pipeline: text, params: given, license: granted, artifacts };
      expect(brokenInDocument(asDocument(whole))).toEqual([]);
    }),
    { seed: 4, numRuns: 100 },
  );
});

test("crateMetadata describes the run: when, with what, what came out, and who ran it", () => {
  expect(entity("#run/20260501T100000000Z-abc")).toMatchObject({
    instrument: { "@id": "workflow/p.yaml" },
    startTime: "2026-05-01T10:00:00.000Z",
    endTime: "2026-05-01T10:01:00.000Z",
    actionStatus: { "@id": "http://schema.org/CompletedActionStatus" },
    result: [{ "@id": "data/a.csv" }, { "@id": "data/b.csv" }],
    agent: { "@id": "#user/ada" },
    description: "2 instances computed, 0 cached, 0 failed, 0 skipped; --set n=3",
  });
  const objects = entity("#run/20260501T100000000Z-abc")["object"] as { "@id": string }[];
  expect(objects.map((one) => one["@id"])).toEqual([
    ...["workflow/50%25.csv", "#value/n", "#value/betas", "#value/name", "#value/flag"],
    "#value/rate",
  ]);
  expect(entity("#value/betas")).toMatchObject({ value: "[0.5,0.25]" });
  const types = ["n", "betas", "name", "flag", "rate"].map(
    (name) => entity(`#param/${name}`)["additionalType"],
  );
  expect(types).toEqual(["Integer", "Text", "Text", "Boolean", "Float"]);
});

test("crateMetadata links an action to the files in the crate that it read", () => {
  expect(entity("#action/b")).toMatchObject({
    identifier: second.key,
    instrument: { "@id": `#node/sink/1/${"c".repeat(12)}` },
    object: [{ "@id": "data/a.csv" }, { "@id": "#action/b/w" }, { "@id": "#action/b/on" }],
    result: { "@id": "data/b.csv" },
  });
  expect(entity("#action/a%5Bx%3D1%5D")["object"]).toEqual({ "@id": "#action/a%5Bx%3D1%5D/n" });
});

test("crateMetadata calls a run failed that did not finish, and names no agent of a cached one", () => {
  const killed = { ...content, run: { ...content.run, seconds: undefined } };
  const id = "#run/20260501T100000000Z-abc";
  expect(entity(id, killed)).toMatchObject({
    actionStatus: { "@id": "http://schema.org/FailedActionStatus" },
    description: expect.stringContaining("it was killed"),
  });
  expect(entity(id, killed)["endTime"]).toBeUndefined();
  const counts = { ...content.run.counts, failed: 1 };
  const failed = { ...content, run: { ...content.run, counts } };
  expect(entity(id, failed)["actionStatus"]).toEqual({
    "@id": "http://schema.org/FailedActionStatus",
  });
  const later = { ...content, run: { ...content.run, at: "2026-06-01T00:00:00.000Z" } };
  expect(entity(id, later)["agent"]).toBeUndefined();
});

test("crateMetadata names no host", () => {
  expect(JSON.stringify(crateMetadata(content))).not.toContain("secret-host");
});

test("the rules' check finds what is taken away or made wrong", () => {
  const whole = asDocument(content);
  const changed = (id: string, change: Record<string, unknown>) => {
    const graph = whole["@graph"].map((one) => (one["@id"] === id ? { ...one, ...change } : one));
    const text = JSON.stringify({ ...whole, "@graph": graph });
    return brokenInDocument(JSON.parse(text) as CrateDocument);
  };
  const root = (name: string) => changed("./", { [name]: undefined });
  for (const name of ["name", "description", "datePublished", "license", "mainEntity"]) {
    expect(root(name), name).not.toEqual([]);
  }
  expect(root("conformsTo")).toHaveLength(2);
  expect(root("hasPart")).toHaveLength(6);
  expect(changed("workflow/p.yaml", { "@type": "File" })).not.toEqual([]);
  expect(changed("#action/b", { instrument: undefined })).toHaveLength(1);
  expect(changed("#action/b", { agent: { "@id": "#nobody" } })).toHaveLength(1);
  expect(changed("#param/n", { additionalType: undefined })).toHaveLength(1);
  expect(changed("#value/n", { value: { nested: 1 } })).toHaveLength(1);
  expect(changed("#pipeline-language", { url: undefined })).toHaveLength(1);
  expect(changed("#node/source/2", { "@id": "#node with space" })).not.toEqual([]);
});
