/** Preloaded with `node --import`: a file system without hard links. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

fs.linkSync = (from, to) => {
  const error = new Error(`EPERM: operation not permitted, link '${from}' -> '${to}'`);
  throw Object.assign(error, { code: "EPERM", errno: -1, syscall: "link" });
};
syncBuiltinESMExports();
