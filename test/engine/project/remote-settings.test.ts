import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  loadSigner,
  makeSigningKey,
  readSecrets,
} from "../../../src/engine/project/credentials.ts";
import { openStore, storeSettings } from "../../../src/engine/project/open-store.ts";
import { type Environment, resolveConfig } from "../../../src/engine/project/project.ts";
import {
  type RemoteSetting,
  readRemotes,
  readTrust,
  remoteOfPlace,
} from "../../../src/engine/project/remote-settings.ts";
import { authorization } from "../../../src/store/remote/http.ts";
import { generateKey } from "../../../src/store/sign.ts";
import { Folder } from "../../store/folder.ts";

const key = generateKey().publicKey;
const path = "/project/blockspin.config.yaml";

test("readRemotes() fills in what is not said, and makes folders absolute", () => {
  const settings = {};
  expect(
    readRemotes(
      {
        lab: { url: "https://host/x/", push: true, timeout: 3, trust: ["alice"] },
        nfs: { url: "../shared" },
        home: { url: "~/cache", trust: "anyone" },
      },
      path,
    ),
  ).toEqual([
    { name: "lab", place: "https://host/x", push: true, timeout: 3, trust: ["alice"], settings },
    { name: "nfs", place: "/shared", push: false, timeout: 10, trust: undefined, settings },
    {
      name: "home",
      place: join(homedir(), "cache"),
      push: false,
      timeout: 10,
      trust: "anyone",
      settings,
    },
  ]);
});

test.each<[unknown, string]>([
  [[], `"remotes" must be a mapping`],
  [{ "A b": { url: "x" } }, `remote "A b": expected a name in kebab-case`],
  [{ lab: "x" }, `remote "lab" must be a mapping`],
  [{ lab: {} }, `remote "lab": "url" must be a URL or a folder`],
  [{ lab: { url: " " } }, `remote "lab": expected a URL or a folder`],
  [{ lab: { url: "http://" } }, `remote "lab": invalid URL`],
  [{ lab: { url: "ftp://host" } }, `remote "lab": unknown kind of remote "ftp://"`],
  [{ lab: { url: "s3://b" } }, `remote "lab": expected s3://bucket or s3://bucket/prefix`],
  [{ lab: { url: "x", push: 1 } }, `remote "lab": "push" must be true or false`],
  [{ lab: { url: "x", timeout: 0 } }, `remote "lab": "timeout" must be a number of seconds`],
  [
    { lab: { url: "x", trust: key } },
    `remote "lab": "trust" must be a list of names or keys, or anyone`,
  ],
  [{ lab: { url: "x", token: "secret" } }, `remote "lab": unknown key "token"`],
])("readRemotes() refuses %j", (value, message) => {
  expect(() => readRemotes(value, path)).toThrow(message);
});

test("readTrust() takes names with keys, keys, or anyone", () => {
  expect(readTrust({ alice: key })).toEqual(new Map([["alice", key]]));
  expect(readTrust([key])).toEqual(new Map([[key, key]]));
  expect(readTrust("anyone")).toBe("anyone");
  expect(() => readTrust({ alice: "ed25519:short" })).toThrow('"alice" is not a public key');
  expect(() => readTrust("alice")).toThrow("must be a mapping");
});

test("the project's remotes come before the user's; a name is the project's", () => {
  using folder = new Folder();
  const write = (name: string, text: string) => {
    mkdirSync(join(folder.path, name, ".."), { recursive: true });
    writeFileSync(join(folder.path, name), text);
  };
  const other = generateKey().publicKey;
  write(
    "config/blockspin/config.yaml",
    `remotes: { mine: { url: /m }, lab: { url: /u } }\ntrust: { alice: "${other}", bob: "${other}" }`,
  );
  write(
    "project/blockspin.config.yaml",
    `remotes: { lab: { url: /p } }\ntrust: { alice: "${key}" }`,
  );
  const environment = { XDG_CONFIG_HOME: join(folder.path, "config") };
  const config = resolveConfig(join(folder.path, "project"), {}, environment);
  expect(config.remotes.map(({ name, place }) => [name, place])).toEqual([
    ["lab", "/p"],
    ["mine", "/m"],
  ]);
  expect(config.trust).toEqual(
    new Map([
      ["alice", key],
      ["bob", other],
    ]),
  );
  const settings = (flags: object) =>
    storeSettings(config, flags).remotes.map(({ name, push }) => [name, push]);
  expect(settings({})).toEqual([
    ["lab", false],
    ["mine", false],
  ]);
  expect(settings({ push: true })).toEqual([
    ["lab", true],
    ["mine", true],
  ]);
  expect(settings({ remotes: ["mine", "/elsewhere"] })).toEqual([
    ["mine", false],
    ["/elsewhere", false],
  ]);
  expect(settings({ remotes: ["mine"], offline: true })).toEqual([]);
});

test("openStore() refuses a name that nobody has under trust", () => {
  using folder = new Folder();
  const remotes = readRemotes({ lab: { url: folder.path, trust: ["alise"] } }, path);
  const settings = { cache: join(folder.path, "cache"), remotes, trust: new Map([["alice", key]]) };
  expect(() => openStore(settings, {}, {})).toThrow(
    'remote "lab" trusts "alise", which is neither a key nor a name under "trust"',
  );
});

const lab = { ...remoteOfPlace("https://host/x"), name: "my-lab" };

function authorizationFor(
  { name, place }: RemoteSetting,
  all: readonly RemoteSetting[],
  environment: Environment,
): string | undefined {
  const secret = () => readSecrets(environment)[place];
  return authorization({ name, place, environment, alone: all.length === 1, secret });
}

test("the header comes from the remote's own variable, then the file, then the token", () => {
  using folder = new Folder();
  const file = join(folder.path, "blockspin", "credentials.yaml");
  mkdirSync(join(file, ".."));
  writeFileSync(file, "https://host/x: Basic abc\n", { mode: 0o600 });
  const home = { XDG_CONFIG_HOME: folder.path };
  const named = { BLOCKSPIN_REMOTE_MY_LAB_AUTHORIZATION: "Digest own" };
  const token = { BLOCKSPIN_REMOTE_TOKEN: "token" };
  expect(authorizationFor(lab, [lab], { ...home, ...named, ...token })).toBe("Digest own");
  expect(authorizationFor(lab, [lab], { ...home, ...token })).toBe("Basic abc");
  const elsewhere = { ...lab, place: "https://host/y" };
  expect(authorizationFor(elsewhere, [elsewhere], { ...home, ...token })).toBe("Bearer token");
  expect(authorizationFor(elsewhere, [elsewhere], home)).toBeUndefined();
  expect(() => authorizationFor(elsewhere, [lab, elsewhere], { ...home, ...token })).toThrow(
    "BLOCKSPIN_REMOTE_TOKEN does not say which of several remotes it is for",
  );
  chmodSync(file, 0o640);
  expect(() => authorizationFor(lab, [lab], home)).toThrow("can be read by others");
});

test("a header that cannot be sent is refused, and not repeated", () => {
  const environment = { XDG_CONFIG_HOME: "/nowhere", BLOCKSPIN_REMOTE_TOKEN: "secret\r\nX: y" };
  expect(() => authorizationFor(lab, [lab], environment)).toThrow(
    /^BLOCKSPIN_REMOTE_TOKEN holds characters that a header cannot have$/,
  );
});

test("makeSigningKey() makes a key once, and loadSigner() signs with it or with that of the environment", () => {
  using folder = new Folder();
  const environment = { XDG_CONFIG_HOME: join(folder.path, "config") };
  expect(loadSigner(environment)).toBeUndefined();
  const made = makeSigningKey(environment);
  expect(made.made).toBe(true);
  expect(makeSigningKey(environment)).toEqual({ ...made, made: false });
  expect(loadSigner(environment)?.publicKey).toBe(made.publicKey);
  const { pem, publicKey } = generateKey();
  expect(loadSigner({ ...environment, BLOCKSPIN_SIGNING_KEY: pem })?.publicKey).toBe(publicKey);
  expect(() => loadSigner({ BLOCKSPIN_SIGNING_KEY: "secret" })).toThrow(
    /^BLOCKSPIN_SIGNING_KEY: not a private ed25519 key in PEM$/,
  );
  chmodSync(made.path, 0o644);
  expect(() => loadSigner(environment)).toThrow(`${made.path} can be read by others`);
});
