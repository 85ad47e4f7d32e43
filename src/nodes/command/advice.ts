/**
 * Why a program may have failed that could not be started, or that lacks a file: it runs in a folder of
 * its own, with nothing in it but what the stage lists. Reads no file.
 */

/** Why a program could not be started. */
export function cannotStart(program: string, { code, message }: NodeJS.ErrnoException): string {
  const name = JSON.stringify(program);
  const isFile = program.includes("/");
  if (code === "ENOENT" && !isFile)
    return `there is no program ${name} on the PATH: is it installed?`;
  if (code === "ENOENT" && program.startsWith("/")) return `there is no program ${name}`;
  if (code === "ENOENT") {
    return `cannot start ${name}: it is not in the program's folder, or the interpreter that its first line names is missing; ${listed(program.replace(/^\.\//, ""))}`;
  }
  if (code === "EACCES" && isFile)
    return `cannot start ${name}: it may not be run; chmod +x ${program}`;
  return `cannot start ${program}: ${message}`;
}

const listed = (name: string) =>
  `a program finds only the files that its stage lists: add ${JSON.stringify(name)} to files:`;

/** How programs say which file is missing. */
const missing = [
  /can't open file '([^']+)': \[Errno 2\]/,
  /No such file or directory: b?['"]([^'"]+)['"]/,
  /Cannot find module '([^']+)'/,
  /cannot open (?:file )?['"]?([^\s'"]+?)['"]?: No such file/,
  /Can't open perl script "([^"]+)": No such file/,
  /could not open file (\S+)/,
  /(?:^|: )([^\s:'"]+): No such file or directory/,
  /cannot access '([^']+)': No such file/,
];

/** What to do about a failure, by what was printed last; paths in the program's folder are relative. */
export function adviceFor(lines: readonly string[]): string | undefined {
  for (const line of [...lines].reverse()) {
    const [, module] = /No module named '?([\w.]+)'?/.exec(line) ?? [];
    if (module !== undefined) {
      const file = `${module.split(".")[0]}.py`;
      return `if ${JSON.stringify(file)} is a file of yours, add it to files:; a package has to be installed`;
    }
    const path = missing.map((pattern) => pattern.exec(line)?.[1]).find((found) => found);
    if (path === undefined) continue;
    const name = path.replace(/^\.\//, "");
    if (name.startsWith("inputs/")) return "inputs/ has a file <port>.arrow for each of inputs:";
    if (name.startsWith("/") || name.startsWith("outputs/")) return undefined;
    return listed(name);
  }
  return undefined;
}

/** A program that ended well and did not write an output. */
export function nothingAt(name: string, program: string, written: readonly string[]): string {
  const names = written.slice(0, 5).map((name) => JSON.stringify(`outputs/${name}`));
  const instead = names.length > 0 ? `; it wrote ${names.join(", ")}` : "";
  return `${program} wrote no outputs/${name}${instead}`;
}
