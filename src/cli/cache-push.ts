/** `blockspin cache push` and `cache pull`: share what a pipeline has computed, or a part of it. */
import { pullPipeline, pushPipeline, type Store } from "../index.ts";
import { type CommonOptions, open } from "./open.ts";
import { count, sharedLines } from "./print/shared.ts";
import { err, out } from "./print/terminal.ts";

export async function push(
  file: string,
  patterns: readonly string[],
  options: CommonOptions & { readonly sign?: boolean },
): Promise<number> {
  // Whoever names a remote here wants it to be given something.
  const opened = await open(file, options.remote ? { ...options, push: true } : options, patterns);
  const { done, failed, unsigned, store } = await pushPipeline(opened, patterns, {
    sign: options.sign ?? false,
    onProgress: (at, total) => {
      if (!options.json) err.draw([`${at}/${total} records`]);
    },
  });
  err.erase();
  const shared = await closed(store);
  if (options.json) {
    out.json({ done, failed, unsigned, remotes: shared });
    return failed > 0 ? 1 : 0;
  }
  for (const of of shared) out.print(...sharedLines(of));
  out.print(`${count(done, "record")} shared${failed > 0 ? `, ${failed} not` : ""}`);
  if (unsigned > 0) {
    const hint = store.signs ? "--sign signs them" : "blockspin cache keygen makes a key";
    err.print(`${count(unsigned, "record")} without a signature; ${hint}`);
  }
  return failed > 0 ? 1 : 0;
}

export async function pull(
  file: string,
  patterns: readonly string[],
  options: CommonOptions & { readonly objects?: boolean },
): Promise<number> {
  const opened = await open(file, options, patterns);
  const found = await pullPipeline(opened, patterns, options.objects ?? false);
  const { records, instances, wanted, missing } = found;
  const shared = await closed(found.store);
  if (options.json) {
    const plain = { records, instances, wanted: wanted.length, missing, remotes: shared };
    out.json(plain);
    return 0;
  }
  for (const of of shared) out.print(...sharedLines(of));
  out.print(
    `here now: ${records} of ${count(instances, "record")}, the bytes of ${wanted.length - missing.length} of ${count(wanted.length, "instance")} asked for`,
  );
  return 0;
}

/** Waits as long as it takes: this is what the command is for. */
async function closed(store: Store) {
  return await store.close(Number.POSITIVE_INFINITY);
}
