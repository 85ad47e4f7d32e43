/**
 * A process that uses a store, for tests of several at once. `node process.mjs <what> <folder> …`;
 * it uses the built code, since a process of its own cannot load TypeScript.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { actionKey } from "../../dist/store/digest.js";
import { Journal } from "../../dist/store/journal.js";
import { Store } from "../../dist/store/store.js";
import { writeArtifact } from "../../dist/store/tables.js";

const [what, folder, ...rest] = process.argv.slice(2);
const store = Store.open(folder);
const say = (text) => process.stdout.write(`${text}\n`);

const preimageOf = (n) => ({
  v: 1,
  node: "probe",
  version: 1,
  params: { n },
  inputs: {},
  numerics: null,
});

/** Any process makes the same artifact for the same `n`, and a record that says who made it. */
async function makeRecord(n, to = store) {
  const out = await writeArtifact(to, { n: { type: "int32" } }, [{ n: [n, n + 1] }]);
  const preimage = preimageOf(n);
  return to.putRecord({
    key: actionKey(preimage),
    preimage,
    outputs: { out },
    seconds: 1,
    startedAt: new Date(0).toISOString(),
    finishedAt: new Date(1000).toISOString(),
    warnings: [],
    log: [String(process.pid)],
  });
}

/** Until the parent says go. */
const go = () => new Promise((resolve) => process.stdin.once("data", resolve));

const actions = {
  /** Puts the same records as everyone else, and tells whose are in the store. */
  async put(count) {
    say("ready");
    await go();
    const makers = [];
    for (let n = 0; n < Number(count); n++) makers.push((await makeRecord(n)).log[0]);
    say(makers.join(" "));
  },

  /** Computes every key that nobody has computed, one log line per computation. */
  async work(count, log) {
    say("ready");
    await go();
    for (let n = 0; n < Number(count); n++) {
      const key = actionKey(preimageOf(n));
      while (!store.getRecord(key)) {
        const claim = store.claims.acquire(key);
        if (!("release" in claim)) {
          await store.claims.waitFor(key, { poll: 2 });
          continue;
        }
        if (!store.getRecord(key)) {
          appendFileSync(log, `${n}\n`);
          await makeRecord(n);
        }
        claim.release();
      }
    }
    say("done");
  },

  /** Plans again and again: looks up records and puts some, and keeps the index each time. */
  async index(count, rounds) {
    say("ready");
    await go();
    for (let round = 0; round < Number(rounds); round++) {
      const own = Store.open(folder);
      own.useIndex("p");
      for (let n = 0; n < Number(count); n++) {
        const known = own.knownRecord(actionKey(preimageOf(n)), () => undefined);
        const record = known && own.getRecord(known.key);
        // Cloned, since prototypes may differ.
        const [said, is] = [known?.outputs, record?.outputs].map((outputs) =>
          structuredClone(outputs),
        );
        if (!isDeepStrictEqual(said, is)) say(`${n} is wrong`);
        // Of what is missing, every process makes another part in each round.
        if (!known && (n + round + process.pid) % 3 === 0) await makeRecord(n, own);
      }
      own.saveIndex();
    }
    say("done");
  },

  /** Claims a key once and keeps it. */
  async claim(n) {
    say("ready");
    await go();
    const claim = store.claims.acquire(actionKey(preimageOf(Number(n))));
    say("release" in claim ? "claimed" : `held by ${claim.holder.pid}`);
    setInterval(() => {}, 1000);
  },

  /** Everything that writes, once; for killing it somewhere in the middle. Loads no Arrow. */
  async write(chunk, draft) {
    store.prepare();
    const journal = Journal.create(store, "probe");
    const claim = store.claims.acquire(actionKey(preimageOf(1)));
    if ("holder" in claim) throw new Error("held");
    store.putObject(readFileSync(chunk));
    store.putRecord(JSON.parse(readFileSync(draft, "utf8")));
    claim.release();
    journal.append({ event: "made", n: 1 });
    say("written");
  },

  /** Writes until the disk is full. */
  async fill() {
    try {
      for (let n = 0; ; n++) {
        store.putObject(new Uint8Array(65_536).fill(n));
        if (n > 10_000) throw new Error("the disk is never full");
      }
    } catch (error) {
      say(JSON.stringify({ name: error.name, code: error.code, message: error.message }));
    }
  },
};

await actions[what](...rest);
if (what !== "claim") process.exit(0);
