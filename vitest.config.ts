import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The built command line, which some tests call in their own process, is loaded as it is.
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 60_000,
    // Two workers: the machines that run this have two cores, and several tests start processes.
    maxWorkers: 2,
  },
});
