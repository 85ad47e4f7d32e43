/** The service of docs/library.md serves several clients, and stops a run whose client leaves. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { readPage } from "./page.ts";
import { Reader } from "./reader.ts";

const port = 20_000 + (process.pid % 20_000);
const url = `http://127.0.0.1:${port}`;

/** How many runs were stopped before their end. */
async function skippedRuns({ space }: Reader): Promise<number> {
  const { stdout } = await space.cli(["runs", "rg.yaml", "--json"]);
  const runs: { skipped: number }[] = JSON.parse(stdout);
  return runs.filter(({ skipped }) => skipped > 0).length;
}

test("the service of docs/library.md runs pipelines for its clients", async () => {
  const page = readPage("docs/library.md");
  using reader = new Reader({ ...page, blocks: page.blocks.filter((b) => b.language === "yaml") });
  await reader.follow();
  reader.compile(page.blocks.filter(({ words }) => words[0] === "server.ts"));
  const { folder } = reader.space;
  const server = spawn(process.execPath, ["server.js"], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, PORT: `${port}` },
  });
  try {
    await once(server.stdout, "data");
    const get = async (path: string) => {
      const text = await (await fetch(`${url}${path}`)).text();
      return text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    };
    const both = await Promise.all([get("/rg?samples=20"), get("/rg?samples=20")]);
    const ran = both
      .map((events) => events.at(-1))
      .map((last) => [last.event, last.ran, last.failed]);
    // One computes what the other waits for.
    expect(ran.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThanOrEqual(4);
    expect(ran.map(([event, , failed]) => [event, failed])).toEqual(Array(2).fill(["finished", 0]));
    expect((await fetch(`${url}/other`)).status).toBe(404);
    expect((await fetch(`${url}/rg?samples=0`)).status).toBe(400);

    const leave = new AbortController();
    const left = await fetch(`${url}/rg?samples=200000`, { signal: leave.signal });
    await left.body!.getReader().read();
    leave.abort();
    const again = await get("/rg?samples=20");
    expect(again.at(-1)).toMatchObject({ event: "finished", ran: 0, cached: 4 });
    // The run of the client that left ends a little later.
    await expect.poll(() => skippedRuns(reader), { timeout: 20_000 }).toBe(1);
  } finally {
    server.kill();
  }
});
