import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Rooms of functions, whose tests change nothing that a process has once: their files share processes, which
 * start and load modules a few times rather than a hundred times. All other files have a process each, since
 * WebAssembly memories that grow, loader hooks, the environment and the working folder belong to a process.
 */
const functions =
  /^(formats|lattice|learn|math|nodes|random|statistics|table|text|engine\/(commands|document|estimate|expand|figures|language|open|plan))\//;
/** What has to be seen in a process where nothing happened before: what is loaded, how much memory is used. */
const alone = /^(learn\/backend|nodes\/command|nodes\/traits|table\/arrow-damage)\b/;
const shared = readdirSync(new URL("test", import.meta.url), { recursive: true })
  .map((name) => String(name).replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".test.ts"))
  .filter((name) => functions.test(name) && !alone.test(name))
  .map((name) => `test/${name}`);

/** What takes longest, by the clock of a machine with nothing else to do. */
const dearest = `
  cli/cluster/cluster cli/sharing-faults docs/pages pipelines/small cli/crash
  store/remote/faults cli/init cli/print/untrusted-text pipelines/criticality pipelines/examples
  report/page/browser engine/run/cluster/cluster cli/typescript engine/run/records.property
  nodes/traits schemas cli/group cli/watch cli/accept cli/cache engine/run/traits.property
  cli/robust report/figures/view bench pipelines/neighbours cli/paths cli/print/terminal
  cli/print/streams cli/grow cli/ui cli/modules cli/sharing report/figures/limits
  cli/completion/shells lattice/entropy learn/rsmi/information nodes/mcrg
  nodes/import/import-damage lattice/sampling/equilibrium nodes/chain-diagnostics nodes/notes
  learn/pca
`
  .trim()
  .split(/\s+/)
  .map((name) => {
    const file = `/test/${name}.test.ts`;
    if (!existsSync(new URL(`.${file}`, import.meta.url))) throw new Error(`there is no ${file}`);
    return file;
  });

/**
 * The dearest files first, so that no core idles at the end while the other runs one of them. Files that
 * share processes come last and side by side: a process takes the next one only if it may share it.
 */
class DearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project, moduleId }: TestSpecification) => {
      const place = dearest.findIndex((name) => moduleId.endsWith(name));
      return (project.name === "shared" ? 1000 : 0) + (place < 0 ? dearest.length : place);
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    // Commands in hints are as without npm, whatever started the tests.
    env: { npm_command: "" },
    // The build, and benchmarks, which import from it, are loaded as they are.
    server: { deps: { external: [/\/(dist|bench)\/[^?]*js$/] } },
    // No test is timed: this ends what hangs, also on a machine that is twenty times as busy as it should be.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Three for two cores, which the machines that run this have: tests wait for processes, servers and
    // disks for a quarter of the time.
    maxWorkers: 3,
    // Tests that run at once mostly wait.
    maxConcurrency: 10,
    sequence: { sequencer: DearestFirst },
    projects: [
      { extends: true, test: { name: "own", include: ["test/**/*.test.ts"], exclude: shared } },
      { extends: true, test: { name: "shared", include: shared, isolate: false } },
    ],
  },
});
