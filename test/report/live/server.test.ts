/** The server of a live page: who may read it, and what it sends to whom. */
import { request } from "node:http";
import { setTimeout } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { Board } from "../../../src/report/live/board.ts";
import { LiveServer } from "../../../src/report/live/server.ts";

/** A page of two parts; counts how often the dear one is drawn. */
function site() {
  const state = { quick: "a", dear: "x", drawn: 0, fails: false, ms: 0 };
  const board = new Board({
    quick: () => new Map([["quick", state.quick]]),
    async all() {
      state.drawn++;
      if (state.ms > 0) await setTimeout(state.ms);
      if (state.fails) throw new Error("a disk is broken");
      return new Map([["dear", state.dear]]);
    },
  });
  const server = new LiveServer({
    board,
    policy: "default-src 'none'",
    page: async () => "<p>page</p>",
    report: async () => "<p>report</p>",
  });
  return { state, board, server };
}

const open: LiveServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function start() {
  const made = site();
  open.push(made.server);
  return { ...made, url: await made.server.listen() };
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** `fetch` sets the header `Host` itself. */
function get(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, method }, (response) => {
      let body = "";
      response.on("data", (piece) => {
        body += piece;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, body }),
      );
    });
    asked.once("error", reject).end();
  });
}

/** A browser's `EventSource`: what was sent to it so far, and its end. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const controller = new AbortController();
  const response = await fetch(`${url}events?at=0`, { headers, signal: controller.signal });
  const got = { text: "", ended: false };
  void (async () => {
    try {
      for await (const piece of response.body!) got.text += new TextDecoder().decode(piece);
    } catch {
      // Closed by the test.
    }
    got.ended = true;
  })();
  const parts = () =>
    [...got.text.matchAll(/event: sections\ndata: (.*)\n/g)].flatMap(
      ([, data]) => JSON.parse(data!) as { section: string; html: string }[],
    );
  const last = () => [...got.text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1];
  return { got, parts, last, close: () => controller.abort() };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await setTimeout(20);
  expect(condition()).toBe(true);
}

test("only who knows the address reads the page", async () => {
  const { url } = await start();
  const { origin, pathname } = new URL(url);
  expect(pathname).toMatch(/^\/[0-9a-f]{32}\/$/);
  expect(await get(url)).toMatchObject({ status: 200, body: "<p>page</p>" });
  expect(await get(`${url}report.html`)).toMatchObject({ status: 200, body: "<p>report</p>" });
  for (const path of [
    "/",
    "/events",
    `/${"0".repeat(32)}/`,
    "/report.html",
    pathname.slice(0, -1),
  ]) {
    expect((await get(origin + path)).status, path).toBe(404);
  }
  expect((await get(`${url}../../etc/passwd`)).status).toBe(404);
  expect((await get(url, {}, "POST")).status).toBe(405);
});

test("another site's page cannot read it, whatever name it gives this machine", async () => {
  const { url } = await start();
  const { port } = new URL(url);
  expect((await get(url, { Host: "evil.example" })).status).toBe(404);
  expect((await get(url, { Host: `evil.example:${port}` })).status).toBe(404);
  expect((await get(url, { Host: `localhost:${port}` })).status).toBe(200);
  const { headers } = await get(url, { Origin: "https://evil.example" });
  expect(headers["access-control-allow-origin"]).toBeUndefined();
  expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(headers["cache-control"]).toBe("no-store");
});

test("a listener gets what changed, and one that comes back what it missed", async () => {
  const { url, state, board } = await start();
  const one = await listen(url);
  await until(() => one.parts().length === 2);
  expect(one.parts()).toEqual([
    { section: "quick", html: "a" },
    { section: "dear", html: "x" },
  ]);
  state.quick = "b";
  await until(() => one.parts().length === 3);
  expect(one.parts().at(-1)).toEqual({ section: "quick", html: "b" });
  const last = one.last()!;
  one.close();
  state.dear = "y";
  board.touch();
  const again = await listen(url, { "Last-Event-ID": last });
  await until(() => again.parts().length === 1);
  expect(again.parts()).toEqual([{ section: "dear", html: "y" }]);
  again.close();
});

test("nothing is drawn while nobody looks", async () => {
  const { url, state, board } = await start();
  const tab = await listen(url);
  await until(() => tab.parts().length === 2);
  tab.close();
  await setTimeout(400);
  const { drawn } = state;
  state.dear = "z";
  board.touch();
  await setTimeout(1200);
  expect(state.drawn).toBe(drawn);
});

test("several tabs get the same, and a drawing serves all of them", async () => {
  const { url, state } = await start();
  const tabs = await Promise.all([1, 2, 3].map(() => listen(url)));
  for (const { parts } of tabs) await until(() => parts().length === 2);
  expect(state.drawn).toBe(1);
  for (const { close } of tabs) close();
});

test("a server that closes says so, and sends the last state first", async () => {
  const { url, state, board, server } = await start();
  const { got, parts } = await listen(url);
  await until(() => parts().length === 2);
  state.dear = "last";
  board.touch();
  await server.close();
  open.splice(0);
  await until(() => got.ended);
  expect(parts().at(-1)).toEqual({ section: "dear", html: "last" });
  expect(got.text).toMatch(/event: closed\ndata: \n\n$/);
});

test("while the dear parts are drawn, the quick ones go on", async () => {
  const { url, state } = await start();
  state.ms = 1500;
  const tab = await listen(url);
  await until(() => tab.parts().length === 1);
  state.quick = "b";
  await until(() => tab.parts().length === 2);
  expect(tab.parts().map(({ html }) => html)).toEqual(["a", "b"]);
  await until(() => tab.parts().at(-1)?.html === "x");
  tab.close();
});

test("what cannot be drawn is said, and nothing ends; later it is drawn", async () => {
  const { url, state, board, server } = await start();
  state.fails = true;
  const tab = await listen(url);
  await until(() => tab.got.text.includes('event: trouble\ndata: "a disk is broken"'));
  state.quick = "b";
  await until(() => tab.parts().at(-1)?.html === "b");
  expect(tab.got.text.match(/event: trouble/g)).toHaveLength(1);
  state.fails = false;
  board.touch();
  await until(() => tab.got.text.includes('event: trouble\ndata: ""'));
  await until(() => tab.parts().at(-1)?.html === "x");
  state.fails = true;
  board.touch();
  await server.close();
  await until(() => tab.got.ended);
  expect(tab.got.text).toMatch(/event: closed\ndata: \n\n$/);
});

test("addresses that are none are not found", async () => {
  const { url } = await start();
  const { port } = new URL(url);
  for (const path of ["//", "//evil.example/", "/%", "/../..", "*", "http://evil.example/"]) {
    const status = await new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port, path }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.once("error", reject).end();
    });
    expect(status, path).toBe(404);
  }
});

test("two servers have two addresses", async () => {
  const [one, two] = [await start(), await start()];
  expect(new URL(one.url).port).not.toBe(new URL(two.url).port);
  const swapped = one.url.replace(/:\d+/, `:${new URL(two.url).port}`);
  expect((await get(swapped)).status).toBe(404);
});
