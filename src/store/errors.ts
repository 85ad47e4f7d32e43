/** What can go wrong in the store, one class for each cause. */

import { getSystemErrorMap } from "node:util";
import type { Digest } from "../table/digest.ts";
import { ExpectedError } from "../table/errors.ts";

/** A result is more than a record can hold. */
export class RecordLimit extends ExpectedError {}

export type StoreErrorCode = "store-version" | "store-unwritable" | "store-full" | "store-io";

/** The store as a whole cannot be used. */
export class StoreError extends ExpectedError {
  readonly code: StoreErrorCode;
  /** What could not be read or written. */
  readonly path: string;
  constructor(code: StoreErrorCode, path: string, message: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

/**
 * An object is not in the store, or has just gone to quarantine: it was damaged, or is not what a
 * record says.
 */
export class MissingObject extends Error {
  /** `sha256:…` */
  readonly digest: Digest;
  readonly reason: "absent" | "corrupt" | "misnamed";
  constructor(digest: Digest, reason: MissingObject["reason"]) {
    super(`object ${digest} is ${reasons[reason]}`);
    this.name = "MissingObject";
    this.digest = digest;
    this.reason = reason;
  }
}

const reasons = {
  absent: "not in the store",
  corrupt: "corrupt",
  misnamed: "not what its record says",
} as const;

const unwritable = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ELOOP", "ENOENT"]);
const full = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** The `code` of a failed system call, if `error` is one. */
export function errno(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** Turns a failed read of `path` into the error that a user can read. */
export function readFailure(path: string, error: unknown): unknown {
  if (errno(error) === undefined || error instanceof StoreError) return error;
  return new StoreError(
    "store-io",
    path,
    `cannot read ${JSON.stringify(path)}: ${reasonOf(error)}`,
  );
}

/** Turns a failed write of `path`, in the store at `folder`, into the error that a user can read. */
export function writeFailure(folder: string, path: string, error: unknown): unknown {
  const code = errno(error);
  if (code === undefined || error instanceof StoreError) return error;
  const reason = reasonOf(error);
  const store = JSON.stringify(folder);
  if (full.has(code))
    return new StoreError("store-full", path, `store ${store} is full: ${reason}`);
  if (unwritable.has(code)) {
    return new StoreError("store-unwritable", path, `cannot write store ${store}: ${reason}`);
  }
  return new StoreError("store-io", path, `cannot write ${JSON.stringify(path)}: ${reason}`);
}

/** `permission denied (EACCES)` */
function reasonOf(error: unknown): string {
  const { errno: number = 0, code = "" } = error as NodeJS.ErrnoException;
  return `${getSystemErrorMap().get(number)?.[1] ?? "failed"} (${code})`;
}
