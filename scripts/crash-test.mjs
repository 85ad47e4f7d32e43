// Kills runs of a small pipeline at 100 file operations and 50 moments, and continues from the state
// after every file operation of one run. Takes about an hour.
import { spawnSync } from "node:child_process";

const { status } = spawnSync("npx", ["vitest", "run", "test/cli/crash.test.ts"], {
  stdio: "inherit",
  env: { ...process.env, BLOCKSPIN_CRASH: "all" },
});
process.exitCode = status ?? 1;
