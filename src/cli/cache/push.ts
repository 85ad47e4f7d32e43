/** `blockspin cache push`: uploads what a pipeline has computed, or a part of it. */
import type { Command } from "commander";
import { pushPipeline } from "../../index.ts";
import { type CommonOptions, open } from "../open.ts";
import { json, onePattern, withPipeline } from "../options.ts";
import { Bar } from "../print/bar.ts";
import { count, sharedLines } from "../print/shared.ts";
import { err, out } from "../print/terminal.ts";

export function define(command: Command) {
  withPipeline(command)
    .addOption(json())
    .argument("[pattern...]", onePattern)
    .option("--sign", "also sign results that were computed before you had a key");
  return push;
}

async function push(
  file: string,
  patterns: readonly string[],
  options: CommonOptions & { readonly sign?: boolean },
): Promise<number> {
  // A remote that is named here is meant to receive something.
  const opened = await open(file, options.remote ? { ...options, push: true } : options, patterns);
  const bar = new Bar("records", { quiet: options.json });
  const { done, failed, unsigned, store } = await pushPipeline(opened, patterns, {
    sign: options.sign ?? false,
    onProgress: bar.to,
  });
  bar.end();
  // The uploads are what the command is for, so it waits as long as they take.
  const shared = await store.close(Number.POSITIVE_INFINITY);
  if (options.json) {
    out.json({ done, failed, unsigned, remotes: shared });
    return failed > 0 ? 1 : 0;
  }
  for (const of of shared) out.print(...sharedLines(of, opened.settings.remotes));
  out.print(`${count(done, "record")} shared${failed > 0 ? `, ${failed} not` : ""}`);
  if (unsigned > 0) {
    const hint = store.signs ? "--sign signs them" : "blockspin cache keygen makes a key";
    err.print(`${count(unsigned, "record")} without a signature; ${hint}`);
  }
  return failed > 0 ? 1 : 0;
}
