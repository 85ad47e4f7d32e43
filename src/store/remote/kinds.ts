/** The kinds of remotes there are. */
import { directory } from "./directory.ts";
import { http } from "./http.ts";
import { type RemoteKind, RemoteMistake } from "./kind.ts";
import { s3 } from "./s3.ts";

/** Tests add a kind of their own. */
export const remoteKinds: RemoteKind[] = [directory, http, s3];

/** The kind of remote that an address belongs to. Throws `RemoteMistake`. */
export function kindOf(address: string): RemoteKind {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase() ?? "";
  const kind = remoteKinds.find(({ schemes }) => schemes.includes(scheme));
  if (kind) return kind;
  const known = remoteKinds.flatMap(({ schemes }) => schemes).filter(Boolean);
  throw new RemoteMistake(
    `unknown kind of remote "${scheme}://"`,
    `a folder, or a URL that begins with ${known.map((name) => `${name}://`).join(" or ")}`,
  );
}
