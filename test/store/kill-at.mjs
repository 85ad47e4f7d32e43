/** Preloaded with `node --import`: kills this process after its KILL_AT-th change to a file. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

let left = Number(process.env.KILL_AT);
const changes = ["linkSync", "mkdirSync", "renameSync", "unlinkSync", "writeFileSync", "writeSync"];

for (const name of [...changes, "openSync"]) {
  const original = fs[name];
  fs[name] = (...args) => {
    const result = original(...args);
    const changed = name !== "openSync" || (args[1] ?? "r") !== "r";
    if (changed && --left === 0) process.kill(process.pid, "SIGKILL");
    return result;
  };
}
syncBuiltinESMExports();
