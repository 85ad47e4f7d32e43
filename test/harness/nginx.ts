/**
 * Starts the real nginx with its WebDAV module on loopback, in a temporary folder, with the
 * configuration of docs/sharing.md.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const docs = fileURLToPath(new URL("../../docs/sharing.md", import.meta.url));

/** Why the tests with nginx cannot run here; undefined if they can. */
export const nginxMissing = whyMissing();

function whyMissing(): string | undefined {
  const { stderr, error } = spawnSync("nginx", ["-V"], { encoding: "utf8" });
  if (error) return "nginx is not installed (Debian: apt-get install nginx-light)";
  return stderr.includes("http_dav_module") ? undefined : "this nginx has no WebDAV module";
}

if (nginxMissing) console.warn(`skipping the tests against a real server: ${nginxMissing}`);

export interface Nginx extends AsyncDisposable {
  readonly url: string;
  /** The folder that it serves. */
  readonly root: string;
  /** Its log: a line per request. */
  log(): string;
}

/** @param password - asks for user `writer` and this password, to read and to write */
export async function startNginx(password?: string): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "blockspin-nginx-"));
  const root = join(folder, "blockspin");
  for (const name of [root, join(folder, "tmp")]) mkdirSync(name);
  const port = await freePort();
  if (password !== undefined) {
    // {PLAIN}, as RFC 2307 writes it: nginx compares the password as it is.
    writeFileSync(join(folder, "users"), `writer:{PLAIN}${password}\n`);
  }
  writeFileSync(join(folder, "nginx.conf"), configuration(folder, port, password !== undefined));
  const args = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")];
  const server = spawn("nginx", args, { stdio: "inherit" });
  await answers(port);
  return {
    url: `http://127.0.0.1:${port}/blockspin`,
    root,
    log: () => readFileSync(join(folder, "access.log"), "utf8"),
    async [Symbol.asyncDispose]() {
      if (server.exitCode === null) {
        server.kill("SIGQUIT");
        await once(server, "exit");
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The documentation's `location`, in a server that needs no root and stays in the foreground. */
function configuration(folder: string, port: number, locked: boolean): string {
  const location = /```nginx\n([\s\S]*?)```/.exec(readFileSync(docs, "utf8"))?.[1];
  if (!location) throw new Error("docs/sharing.md has no nginx configuration");
  const auth = `auth_basic "blockspin";\nauth_basic_user_file ${folder}/users;\n`;
  const here = location.replaceAll("/srv", folder).replace("192.168.0.0/16", "127.0.0.0/8");
  const own = locked ? here.replace(/^( *)limit_except[\s\S]*?\n\1\}\n/m, auth) : here;
  // Started by root, nginx would give itself another user, who cannot enter the folder.
  const user = process.getuid?.() === 0 ? "user root;" : "";
  return `
${user}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log ${folder}/access.log;
  ${["proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  server {
    listen 127.0.0.1:${port};
    ${own}
  }
}
`;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      await (await fetch(`http://127.0.0.1:${port}/`)).text();
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error("nginx did not start");
}
