/**
 * A remote that is a folder, as on NFS. The same layout as over HTTP, so that a web server may
 * serve the very folder. Knows no record.
 */
import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import {
  access,
  type FileHandle,
  mkdir,
  open,
  rename,
  rmdir,
  stat,
  unlink,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { getSystemErrorMap } from "node:util";
import { errno } from "../errors.ts";
import { isShared, modeIn } from "../rights.ts";
import { type Call, type Kind, type Remote, RemoteFailure, untilAborted } from "./remote.ts";

const PIECE = 1 << 20;

const refusals = new Set(["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "ENOTDIR", "ELOOP"]);

export class DirectoryRemote implements Remote {
  readonly place: string;
  #found = false;

  constructor(folder: string) {
    this.place = folder;
  }

  async has(kind: Kind, hex: string, { signal }: Call): Promise<boolean> {
    try {
      await untilAborted(access(join(this.place, kind, hex), constants.R_OK), signal);
      return true;
    } catch (error) {
      if (errno(error) === "ENOENT") return await this.#nothing(signal, false);
      throw failureOf(error);
    }
  }

  async get(kind: Kind, hex: string, call: Call): Promise<AsyncIterable<Uint8Array> | undefined> {
    // Without waiting: a pipe of that name would hold the process back for ever.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    try {
      return pieces(
        await untilAborted(open(join(this.place, kind, hex), flags), call.signal),
        call,
      );
    } catch (error) {
      if (errno(error) === "ENOENT") return await this.#nothing(call.signal, undefined);
      throw failureOf(error);
    }
  }

  /** There is nothing of that name; or no folder, as where a share is not mounted. */
  async #nothing<T>(signal: AbortSignal, answer: T): Promise<T> {
    try {
      if (!this.#found) await untilAborted(access(this.place), signal);
    } catch (error) {
      throw failureOf(error);
    }
    this.#found = true;
    return answer;
  }

  async put(kind: Kind, hex: string, bytes: Uint8Array, { signal }: Call): Promise<void> {
    try {
      await untilAborted(write(this.place, kind, hex, bytes), signal);
    } catch (error) {
      throw failureOf(error);
    }
  }
}

async function* pieces(
  file: Awaited<ReturnType<typeof open>>,
  { signal, alive }: Call,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (!(await file.stat()).isFile()) throw new RemoteFailure("failed", "found no ordinary file");
    for (;;) {
      const piece = new Uint8Array(PIECE);
      const { bytesRead } = await untilAborted(file.read(piece, 0, PIECE), signal);
      alive();
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } catch (error) {
    throw failureOf(error);
  } finally {
    await file.close();
  }
}

/** Readers see the whole file or none: it gets its name when it is complete. */
async function write(folder: string, kind: Kind, hex: string, bytes: Uint8Array): Promise<void> {
  // The folder itself must be there: a share that is not mounted is an empty mount point.
  for (const name of [kind, "tmp"]) await makeFolder(folder, name);
  const temporary = join(folder, "tmp", randomUUID());
  const file = await open(temporary, "wx", 0o664);
  try {
    await share(await stat(join(folder, "tmp")), file);
    await file.writeFile(bytes);
    await file.close();
    await rename(temporary, join(folder, kind, hex));
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** As the store makes its folders (files.ts), but a server that is gone holds nothing up. */
async function makeFolder(parent: string, name: string): Promise<void> {
  const path = join(parent, name);
  const isFolder = async () => (await stat(path).catch(() => undefined))?.isDirectory();
  if (await isFolder()) return;
  try {
    await makeOne(path, await stat(parent));
  } catch (error) {
    if (!(await isFolder())) throw error;
  }
}

async function makeOne(path: string, parent: Stats): Promise<void> {
  if (!isShared(parent)) return await mkdir(path);
  const temporary = join(dirname(path), `.${randomUUID()}`);
  await mkdir(temporary);
  try {
    const folder = await open(temporary, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    await share(parent, folder).finally(() => folder.close());
    await rename(temporary, path);
  } catch (error) {
    await rmdir(temporary).catch(() => {});
    throw error;
  }
}

/** Gives what was made in a folder its rights, as far as this user and the file system can. */
async function share(folder: Stats, file: FileHandle): Promise<void> {
  if (!isShared(folder)) return;
  const impossible = () => {}; // Not in that group, or a file system without rights.
  if ((await file.stat()).gid !== folder.gid) await file.chown(-1, folder.gid).catch(impossible);
  await file.chmod(modeIn(folder, await file.stat())).catch(impossible);
}

function failureOf(error: unknown): unknown {
  const code = errno(error);
  if (code === undefined || error instanceof RemoteFailure) return error;
  const { errno: number = 0 } = error as NodeJS.ErrnoException;
  const words = getSystemErrorMap().get(number)?.[1] ?? "failed";
  const missing = code === "ENOENT" ? "there is no such folder" : `${words} (${code})`;
  const refused = refusals.has(code) || code === "ENOENT";
  return new RemoteFailure(refused ? "refused" : "transient", missing);
}
