/** `blockspin cache …`: commands of its own. */
import type { Command } from "commander";
import type { Commands, Given } from "../options.ts";

const commands: Commands = {
  stats: ["count what is in the store", () => import("./stats.ts")],
  verify: [
    "check every object and record; what is damaged goes to quarantine",
    () => import("./verify.ts"),
  ],
  gc: [
    "make room: remove what nothing needs, and beyond that what --size and --age say",
    () => import("./gc.ts"),
  ],
  pin: ["let gc keep what patterns name", async () => (await import("./pin.ts")).pin],
  unpin: ["let gc remove it again", async () => (await import("./pin.ts")).unpin],
  push: [
    "upload what a pipeline has computed, or what patterns name of it",
    () => import("./push.ts"),
  ],
  pull: [
    "bring records here, and the bytes of the results or of what patterns name",
    () => import("./pull.ts"),
  ],
  keygen: [
    "make the key that signs what you compute, and print its public half",
    () => import("./keygen.ts"),
  ],
};

export function define(_: Command, { declare }: Given) {
  return declare(commands);
}
