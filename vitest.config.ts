import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    // Two workers: the machines that run this have two cores, and several tests start processes.
    maxWorkers: 2,
  },
});
