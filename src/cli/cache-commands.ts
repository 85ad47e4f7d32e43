/** Declares `blockspin cache …`. */
import type { Command } from "commander";
import {
  bytes,
  duration,
  finish,
  json,
  natural,
  percent,
  positive,
  withPipeline,
  withStore,
} from "./options.ts";

export function declareCache(program: Command): void {
  const cache = program.command("cache").description("look after the store, and share it");
  declareKeeping(cache);
  declareSharing(cache);
}

const onPipeline = (cache: Command, name: string, summary: string) =>
  withPipeline(cache.command(name).description(summary)).addOption(json());

function declareKeeping(cache: Command): void {
  const onStore = (name: string, summary: string) =>
    withStore(cache.command(name).description(summary)).addOption(json());

  onStore("stats", "count what is in the store").action(
    finish(async (options) => (await import("./cache.ts")).stats(options)),
  );
  withPipeline(
    cache
      .command("verify")
      .description("check every object and record; what is damaged goes to quarantine"),
    "[pipeline]",
  )
    .option(
      "--rerun <percent>",
      "compute so much of a pipeline again and compare, like 5%",
      percent,
    )
    .option("--jobs <n>", "actions at a time (default: the number of cores)", positive)
    .addOption(json())
    .action(
      finish(async (file: string | undefined, options) =>
        (await import("./cache-verify.ts")).verify(file, options),
      ),
    );
  onStore("gc", "make room: remove what nothing needs, and beyond that what --size and --age say")
    .option(
      "--size <size>",
      "so much may stay, like 10GiB; cheapest to compute again goes first",
      bytes,
    )
    .option("--age <time>", "what no run used for so long goes, like 30d", duration)
    .option(
      "--keep <file...>",
      "pipelines whose results and intermediates stay, ablations included",
    )
    .option("--keep-runs <n>", "of every pipeline, what its newest n runs used stays", natural, 1)
    .option("--dry-run", "say what would be removed, and stop")
    .action(finish(async (options) => (await import("./cache-gc.ts")).gc(options)));
  onPipeline(cache, "pin", "let gc keep what patterns name")
    .argument("<pattern...>", "stage, or stage[axis=value,…]")
    .action(
      finish(async (file: string, patterns: string[], options) =>
        (await import("./cache-gc.ts")).pin(file, patterns, options),
      ),
    );
  onPipeline(cache, "unpin", "let gc remove it again")
    .argument("<pattern...>", "stage, or stage[axis=value,…]")
    .action(
      finish(async (file: string, patterns: string[], options) =>
        (await import("./cache-gc.ts")).unpin(file, patterns, options),
      ),
    );
}

function declareSharing(cache: Command): void {
  onPipeline(cache, "push", "upload what a pipeline has computed, or what patterns name of it")
    .argument("[pattern...]", "stage, or stage[axis=value,…]")
    .option("--sign", "sign what was computed before there was a key, too")
    .action(
      finish(async (file: string, patterns: string[], options) =>
        (await import("./cache-push.ts")).push(file, patterns, options),
      ),
    );
  onPipeline(
    cache,
    "pull",
    "bring records here, and the bytes of the results or of what patterns name",
  )
    .argument("[pattern...]", "stage, or stage[axis=value,…]")
    .option("--objects", "bring the bytes of everything")
    .action(
      finish(async (file: string, patterns: string[], options) =>
        (await import("./cache-push.ts")).pull(file, patterns, options),
      ),
    );
  cache
    .command("keygen")
    .description("make the key that signs what you compute, and print its public half")
    .addOption(json())
    .action(finish(async (options) => (await import("./cache-keygen.ts")).keygen(options)));
}
