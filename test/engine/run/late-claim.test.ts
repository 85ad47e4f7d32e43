import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { claimLate } from "../../../src/engine/run/late-claim.ts";
import { actionKey } from "../../../src/store/digest.ts";
import { Folder } from "../../store/folder.ts";

const key = actionKey({ n: 1 });

test("claimLate() claims what turns out to take long, and nothing before", async () => {
  using folder = new Folder();
  const { claims } = folder.open();
  const claim = claimLate(claims, key, 1);
  if (!("release" in claim)) throw new Error("nobody else has it");
  expect(claims.holder(key)).toBeUndefined();
  while (!claims.holder(key)) await sleep(1);
  // Another store is another process, as far as claims go.
  expect(claimLate(folder.open().claims, key)).toMatchObject({ holder: { pid: process.pid } });
  claim.release();
  expect(claims.holder(key)).toBeUndefined();
});

test("claimLate() leaves nothing of what is over before", async () => {
  using folder = new Folder();
  const { claims } = folder.open();
  const claim = claimLate(claims, key, 1);
  if ("release" in claim) claim.release();
  await sleep(10);
  expect(claims.holder(key)).toBeUndefined();
});

test("claimLate() goes on where somebody else claimed it meanwhile, and leaves that claim alone", async () => {
  using folder = new Folder();
  const late = claimLate(folder.open().claims, key, 1);
  const { claims } = folder.open();
  claims.acquire(key);
  await sleep(10);
  if ("release" in late) late.release();
  expect(claims.holder(key)).toMatchObject({ pid: process.pid });
});
