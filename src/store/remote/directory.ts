/**
 * Remotes that are folders, such as one on a file server. The layout is that of http.ts, so that a
 * web server can serve the same folder. Knows no record.
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
import { type RemoteKind, RemoteMistake } from "./kind.ts";
import { type Area, type Call, RemoteFailure, type Transport, untilAborted } from "./transport.ts";

const PIECE = 1 << 20;

const refusals = new Set(["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "ENOTDIR", "ELOOP"]);

export const directory: RemoteKind = {
  schemes: [""],
  keys: {},
  address(text, pathOf) {
    if (text.trim() === "") throw new RemoteMistake("expected a URL or a folder");
    return pathOf(text);
  },
  open: ({ place }) => new DirectoryTransport(place),
};

export class DirectoryTransport implements Transport {
  readonly place: string;
  #found = false;

  constructor(folder: string) {
    this.place = folder;
  }

  async has(area: Area, hex: string, { signal }: Call): Promise<boolean> {
    try {
      await untilAborted(access(join(this.place, area, hex), constants.R_OK), signal);
      return true;
    } catch (error) {
      if (errno(error) === "ENOENT") return await this.#nothing(signal, false);
      throw failureOf(error);
    }
  }

  async get(area: Area, hex: string, call: Call): Promise<AsyncIterable<Uint8Array> | undefined> {
    // Without waiting: a pipe of that name would block the process for ever.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    try {
      return pieces(
        await untilAborted(open(join(this.place, area, hex), flags), call.signal),
        call,
      );
    } catch (error) {
      if (errno(error) === "ENOENT") return await this.#nothing(call.signal, undefined);
      throw failureOf(error);
    }
  }

  /** Answers that nothing has that name; throws if the whole folder is missing (not mounted). */
  async #nothing<T>(signal: AbortSignal, answer: T): Promise<T> {
    try {
      if (!this.#found) await untilAborted(access(this.place), signal);
    } catch (error) {
      throw failureOf(error);
    }
    this.#found = true;
    return answer;
  }

  async put(area: Area, hex: string, bytes: Uint8Array, { signal }: Call): Promise<void> {
    try {
      await untilAborted(write(this.place, area, hex, bytes), signal);
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

/** Readers see the whole file or none: a file gets its name when it is complete. */
async function write(folder: string, area: Area, hex: string, bytes: Uint8Array): Promise<void> {
  // Never make the folder itself: where a share is not mounted, it would be an empty mount point.
  for (const name of [area, "tmp"]) await makeFolder(folder, name);
  const temporary = join(folder, "tmp", randomUUID());
  const file = await open(temporary, "wx", 0o664);
  try {
    await share(await stat(join(folder, "tmp")), file);
    await file.writeFile(bytes);
    await file.close();
    await rename(temporary, join(folder, area, hex));
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** Like `makeFolder` of files.ts, but a dead file server does not block the process. */
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

/** Gives a new file the rights of its folder, as far as this user and the file system can. */
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
