import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../src/store/digest.ts";
import { parseRecord, recordText, type StoreRecord } from "../../src/store/record.ts";
import {
  generateKey,
  isPublicKey,
  isSignature,
  signerOf,
  verifySignature,
} from "../../src/store/sign.ts";
import { aDraft, anArtifact, Folder } from "./folder.ts";

const { pem, publicKey } = generateKey();
const signer = signerOf(pem);
const check = sha256("a record");

test("a signature holds for its check and its key, and for nothing else", () => {
  const signature = signer.sign(check);
  expect(signature.key).toBe(publicKey);
  expect([isPublicKey(publicKey), isSignature(signature)]).toEqual([true, true]);
  expect(verifySignature(check, signature)).toBe(true);
  expect(verifySignature(sha256("another"), signature)).toBe(false);
  const other = generateKey().publicKey;
  expect(verifySignature(check, { ...signature, key: other })).toBe(false);
  // Of the check alone: the message says what it is.
  const bare = { ...signature, value: signerOf(pem).sign("").value };
  expect(verifySignature(check, bare)).toBe(false);
});

test("a signature with any bit changed is none, and is never taken for one", () => {
  const signature = signer.sign(check);
  const bytes = Buffer.from(signature.value, "base64");
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    const value = changed.toString("base64");
    expect(verifySignature(check, { ...signature, value })).toBe(false);
  }
});

test("isSignature() and isPublicKey() accept one spelling, and never throw", () => {
  const signature = signer.sign(check);
  for (const value of [`${signature.value}\n`, signature.value.replace(/=+$/, ""), "", "AAAA"]) {
    expect(isSignature({ ...signature, value })).toBe(false);
  }
  expect(isSignature({ ...signature, more: 1 })).toBe(false);
  expect(isPublicKey(publicKey.slice("ed25519:".length))).toBe(false);
  fc.assert(
    fc.property(fc.anything(), fc.string(), fc.string(), (any, key, value) => {
      expect(isSignature(any)).toBe(false);
      expect(isPublicKey(any)).toBe(false);
      expect(verifySignature(check, { key: `ed25519:${key}`, value })).toBe(false);
    }),
  );
});

test("signerOf() takes a private ed25519 key in PEM alone, and does not repeat what it is given", () => {
  for (const text of ["", "secret", pem.replace("MC4C", "MC4D"), generateKey().publicKey]) {
    expect(() => signerOf(text)).toThrow(new TypeError("not a private ed25519 key in PEM"));
  }
});

test("a record keeps its check and its rules when it is signed", async () => {
  using folder = new Folder();
  const plain = folder.open();
  const artifact = await anArtifact(plain, 1);
  const before = plain.putRecord(aDraft(1, artifact));
  expect(plain.signRecord(before.key)).toBe(false);
  const store = folder.open({ signer });
  expect(store.signRecord(before.key)).toBe(true);
  const after = store.getRecord(before.key) as StoreRecord;
  const { signature, ...rest } = after;
  expect(rest).toEqual(before);
  expect(verifySignature(after.check, signature!)).toBe(true);
  expect(store.putRecord(aDraft(2, artifact)).signature?.key).toBe(publicKey);
  const text = recordText(after);
  expect(text.startsWith(`{"check":"${after.check}","signature":{"key":"${publicKey}",`)).toBe(
    true,
  );
  for (const [at, byte] of [...Buffer.from(text)].entries()) {
    const bytes = Buffer.from(text);
    bytes[at] = byte ^ 1;
    const parsed = parseRecord(bytes, after.key);
    // A changed signature of the right form is still a record; whoever trusts nobody blindly sees.
    const harmless = !("damage" in parsed) && !verifySignature(parsed.check, parsed.signature!);
    expect("damage" in parsed || harmless).toBe(true);
  }
});

test("openssl agrees", () => {
  using folder = new Folder();
  const path = (name: string) => join(folder.path, name);
  const { value } = signer.sign(check);
  writeFileSync(path("key.pem"), pem);
  writeFileSync(path("message"), `blockspin record 1\n${check}`);
  writeFileSync(path("signature"), Buffer.from(value, "base64"));
  try {
    execFileSync("openssl", ["version"]);
  } catch {
    return; // Node's own verification has been tested above.
  }
  const verify = [
    "pkeyutl",
    "-verify",
    "-rawin",
    "-inkey",
    path("key.pem"),
    "-in",
    path("message"),
  ];
  const said = execFileSync("openssl", [...verify, "-sigfile", path("signature")], {
    encoding: "utf8",
  });
  expect(said).toContain("Signature Verified Successfully");
});
