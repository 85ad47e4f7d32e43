/**
 * The rights of a new file or folder. In a folder that a group shares, everyone who may write there
 * must be able to use what another made, whatever that person's umask is: so a new file takes the
 * group and the rights of the folder around it. Elsewhere the umask decides. Knows no store and
 * changes nothing.
 */
import type { Stats } from "node:fs";

const SETGID = 0o2000;
const STICKY = 0o1000;

/**
 * Whether others than its owner may write in a folder, or new files take its group. `/tmp` and
 * folders like it are not shared: everybody writes there, and each file is its maker's own.
 */
export function isShared({ mode }: Stats): boolean {
  if ((mode & SETGID) !== 0) return true;
  const everybodys = (mode & STICKY) !== 0 && (mode & 0o002) !== 0;
  return (mode & 0o022) !== 0 && !everybodys;
}

/** The mode that something made in a shared folder should have. */
export function modeIn(folder: Stats, made: Stats): number {
  // The sticky bit would keep people from removing others' dead claims and garbage.
  const others = folder.mode & ((folder.mode & STICKY) !== 0 ? 0o005 : 0o007);
  // Where the group could not be changed, ours gets what the folder gives to those outside its own.
  const group = made.gid === folder.gid ? folder.mode & 0o070 : (made.mode & 0o070) | (others << 3);
  const owner = made.mode & 0o700;
  if (made.isDirectory()) return (folder.mode & SETGID) | owner | group | others;
  // Nobody may do more with a file than its owner: an object is never written again.
  const most = (owner | (owner >> 3) | (owner >> 6)) & 0o666;
  return (owner | group | others) & most;
}
