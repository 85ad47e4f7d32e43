/** Declares `blockspin cache …`. */
import type { Command } from "commander";
import { finish, json, withPipeline, withStore } from "./options.ts";

export function declareCache(program: Command): void {
  const cache = program.command("cache").description("look after the store, and share it");
  const onStore = (name: string, summary: string) =>
    withStore(cache.command(name).description(summary)).addOption(json());
  const onPipeline = (name: string, summary: string) =>
    withPipeline(cache.command(name).description(summary)).addOption(json());

  onStore("stats", "count what is in the store").action(
    finish(async (options) => (await import("./cache.ts")).stats(options)),
  );
  onStore("verify", "check every object and record; what is damaged goes to quarantine").action(
    finish(async (options) => (await import("./cache.ts")).verify(options)),
  );
  onPipeline("push", "upload what a pipeline has computed, or what patterns name of it")
    .argument("[pattern...]", "stage, or stage[axis=value,…]")
    .option("--sign", "sign what was computed before there was a key, too")
    .action(
      finish(async (file: string, patterns: string[], options) =>
        (await import("./cache-push.ts")).push(file, patterns, options),
      ),
    );
  onPipeline("pull", "bring records here, and the bytes of the results or of what patterns name")
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
