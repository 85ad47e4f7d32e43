/** `blockspin cache …`: the commands on the store. */
import type { Command } from "commander";
import type { Commands, Given } from "../options.ts";

const commands: Commands = {
  stats: ["print what the store holds, and how large it is", () => import("./stats.ts")],
  verify: [
    "check every object and record, and quarantine damaged ones",
    () => import("./verify.ts"),
  ],
  gc: [
    "remove what nothing needs, and old or cheap results by --age and --size",
    () => import("./gc.ts"),
  ],
  pin: ["protect instances from gc", async () => (await import("./pin.ts")).pin],
  unpin: ["let gc remove pinned instances again", async () => (await import("./pin.ts")).unpin],
  push: [
    "upload what a pipeline has computed, or only the instances named",
    () => import("./push.ts"),
  ],
  pull: [
    "download the records of a pipeline, and the bytes of its results or of the instances named",
    () => import("./pull.ts"),
  ],
  keygen: [
    "make the key that signs your results, and print its public half",
    () => import("./keygen.ts"),
  ],
};

export function define(_: Command, { declare }: Given) {
  return declare(commands);
}
