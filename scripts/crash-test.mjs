// Kills the smoke run at every file operation and at 50 random moments; takes some hours.
import { spawnSync } from "node:child_process";

const { status } = spawnSync("npx", ["vitest", "run", "test/cli/crash.test.ts"], {
  stdio: "inherit",
  env: { ...process.env, BLOCKSPIN_CRASH: "all" },
});
process.exitCode = status ?? 1;
