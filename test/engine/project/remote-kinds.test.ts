/** A kind of remote that does not ship, added to the table: it has keys of its own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore, storeSettings } from "../../../src/engine/project/open-store.ts";
import { resolveConfig } from "../../../src/engine/project/project.ts";
import { actionKey } from "../../../src/store/digest.ts";
import { type RemoteKind, RemoteMistake } from "../../../src/store/remote/kind.ts";
import { remoteKinds } from "../../../src/store/remote/kinds.ts";
import type { Area, Transport } from "../../../src/store/remote/transport.ts";
import { generateKey } from "../../../src/store/sign.ts";
import { readArtifact } from "../../../src/store/tables.ts";
import { aDraft, anArtifact, Folder, preimageOf } from "../../store/folder.ts";

/** Objects by bucket and region. */
const buckets = new Map<string, Map<string, Uint8Array>>();

class BucketTransport implements Transport {
  readonly place: string;
  readonly #files: Map<string, Uint8Array>;

  constructor(place: string, region: string) {
    this.place = `${place}@${region}`;
    this.#files = buckets.get(this.place) ?? new Map();
    buckets.set(this.place, this.#files);
  }

  async has(area: Area, hex: string): Promise<boolean> {
    return this.#files.has(`${area}/${hex}`);
  }

  async get(area: Area, hex: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const bytes = this.#files.get(`${area}/${hex}`);
    return bytes && new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  }

  async put(area: Area, hex: string, bytes: Uint8Array): Promise<void> {
    this.#files.set(`${area}/${hex}`, Uint8Array.from(bytes));
  }
}

const bucket: RemoteKind = {
  schemes: ["bucket"],
  keys: {
    region: {
      expected: "the name of a region",
      fits: (value) => typeof value === "string" && /^[a-z0-9-]+$/.test(value),
    },
  },
  address(text) {
    if (/^bucket:\/\/[a-z]+$/.test(text)) return text;
    throw new RemoteMistake("expected bucket://name");
  },
  open({ place, settings, environment }) {
    if (!environment["BUCKET_SECRET"]) {
      throw new RemoteMistake("a bucket needs BUCKET_SECRET", "set it");
    }
    return new BucketTransport(place, String(settings["region"] ?? environment["BUCKET_REGION"]));
  },
};

beforeAll(() => {
  remoteKinds.push(bucket);
});
afterAll(() => {
  remoteKinds.splice(remoteKinds.indexOf(bucket), 1);
});

const key = generateKey();

/** The store of a project with this configuration. */
function open(folder: Folder, project: string, config: string, environment: object) {
  const root = join(folder.path, project);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "blockspin.config.yaml"), config);
  const all = { XDG_CONFIG_HOME: "/nowhere", BLOCKSPIN_SIGNING_KEY: key.pem, ...environment };
  return openStore(storeSettings(resolveConfig(root, {}, all), {}), {}, all);
}

const remote = (more: string) => `remotes: { lab: { url: "bucket://ising", ${more} } }\n`;

test("one store pushes and another pulls through a kind that a test has added", async () => {
  using folder = new Folder();
  const secret = { BUCKET_SECRET: "s" };
  const a = open(folder, "a", remote("region: north, push: true"), secret);
  a.prepare();
  const record = a.putRecord(aDraft(1, await anArtifact(a, 1)));
  expect(await a.close()).toMatchObject([
    { remote: "lab", pushed: { records: 1, objects: 1 }, waiting: 0 },
  ]);
  expect([...buckets.keys()]).toEqual(["bucket://ising@north"]);
  const b = open(folder, "b", remote(""), { ...secret, BUCKET_REGION: "north" });
  b.prepare();
  expect(await b.findRecord(actionKey(preimageOf(1)))).toEqual(record);
  const values: unknown[] = [];
  for await (const { columns } of readArtifact(b, record.outputs["out"]!)) {
    values.push(...(columns["n"] as Int32Array));
  }
  expect(values).toEqual([1, 2]);
});

test.each([
  ["region: Upper", 'remote "lab": "region" must be the name of a region'],
  ["regoin: north", 'remote "lab": unknown key "regoin"'],
  ["region: north", "a bucket needs BUCKET_SECRET"],
])("a kind's own keys and credentials are checked: %s", (more, message) => {
  using folder = new Folder();
  expect(() => open(folder, "a", remote(more), {})).toThrow(message);
});

test("an address is read by its kind, and a key of one kind is none of another", () => {
  using folder = new Folder();
  const config = (text: string) => () => open(folder, "a", `remotes: { lab: ${text} }`, {});
  expect(config('{ url: "bucket://A" }')).toThrow('remote "lab": expected bucket://name');
  expect(config("{ url: /x, region: north }")).toThrow('remote "lab": unknown key "region"');
  expect(config('{ url: "pail://a" }')).toThrow('unknown kind of remote "pail://"');
});
