/**
 * Signatures of records: ed25519, over a record's `check`, which covers every other byte of it.
 * Knows neither where keys are kept nor whom a reader trusts.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";

export interface Signature {
  /** The signer's public key: `ed25519:` and 32 bytes in base64. */
  readonly key: string;
  /** 64 bytes in base64. */
  readonly value: string;
}

/** Somebody who can sign. */
export interface Signer {
  readonly publicKey: string;
  sign(check: string): Signature;
}

const PREFIX = "ed25519:";

/** What precedes the 32 bytes of a key in its SubjectPublicKeyInfo (RFC 8410). */
const spki = Buffer.from("302a300506032b6570032100", "hex");

/** A new key: the private half in PEM, the public half as text. */
export function generateKey(): { pem: string; publicKey: string } {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { pem, publicKey: signerOf(pem).publicKey };
}

/** Throws if the text is not a private ed25519 key in PEM; the error does not quote it. */
export function signerOf(pem: string): Signer {
  const key = privateKeyOf(pem);
  const raw = createPublicKey(key).export({ type: "spki", format: "der" }).subarray(spki.length);
  const publicKey = PREFIX + raw.toString("base64");
  return {
    publicKey,
    sign: (check) => ({
      key: publicKey,
      value: sign(null, messageOf(check), key).toString("base64"),
    }),
  };
}

function privateKeyOf(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // OpenSSL's words would not help.
  }
  throw new TypeError("not a private ed25519 key in PEM");
}

export function isPublicKey(value: unknown): value is string {
  return typeof value === "string" && bytesOf(value, PREFIX)?.length === 32;
}

/** Whether a value has the form of a signature; `verifySignature` checks it. */
export function isSignature(value: unknown): value is Signature {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 2) return false;
  const { key, value: text } = value as Partial<Signature>;
  return isPublicKey(key) && typeof text === "string" && bytesOf(text)?.length === 64;
}

/** Whether the holder of the signature's key signed this check. */
export function verifySignature(check: string, { key, value }: Signature): boolean {
  try {
    const der = Buffer.concat([spki, bytesOf(key, PREFIX)!]);
    const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
    return verify(null, messageOf(check), publicKey, bytesOf(value)!);
  } catch {
    return false; // Not a point of the curve.
  }
}

/** States what is signed, so that the signature is valid for nothing else. */
function messageOf(check: string): Buffer {
  return Buffer.from(`blockspin record 1\n${check}`);
}

/** Undefined for base64 that is not in its one canonical form. */
function bytesOf(text: string, prefix = ""): Buffer | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const bytes = Buffer.from(text.slice(prefix.length), "base64");
  return bytes.toString("base64") === text.slice(prefix.length) ? bytes : undefined;
}
