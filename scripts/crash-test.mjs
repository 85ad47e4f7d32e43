// Kills smoke runs at 100 file operations and 50 moments, and goes on from what every single file
// operation of one leaves; takes about an hour.
import { spawnSync } from "node:child_process";

const { status } = spawnSync("npx", ["vitest", "run", "test/cli/crash.test.ts"], {
  stdio: "inherit",
  env: { ...process.env, BLOCKSPIN_CRASH: "all" },
});
process.exitCode = status ?? 1;
