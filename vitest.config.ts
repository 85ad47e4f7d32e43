import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Commands in hints are as without npm, whatever started the tests.
    env: { npm_command: "" },
    include: ["test/**/*.test.ts"],
    // The build, and benchmarks, which import from it, are loaded as they are.
    server: { deps: { external: [/\/(dist|bench)\/[^?]*js$/] } },
    testTimeout: 60_000,
    // Each file in a process of its own, the default: a tenth of the time, but files that share one
    // disturb each other. WebAssembly memories, loader hooks and the working folder belong to a process.
    // Two workers: the machines that run this have two cores, and several tests start processes.
    maxWorkers: 2,
    // Tests that run at once mostly wait.
    maxConcurrency: 10,
  },
});
