/** Warns of stages without inputs that draw the same random numbers. */
import { canonicalJson } from "../../store/digest.ts";
import { quote } from "../../text/quote.ts";
import type { Instance } from "../graph.ts";
import { push } from "../group.ts";
import type { Problems } from "../language/problems.ts";
import { seedParam } from "../seed.ts";

/**
 * Streams are keyed by node type and seed alone: two sources with equal seeds share them, and their
 * samples are not independent. Within a stage, this warns only of an instance that another one extends
 * (a training set inside its test set): sharing a stream over other axes is how sweeps compare under
 * common random numbers.
 */
export function warnSharedStreams(instances: readonly Instance[], problems: Problems): void {
  const byStream = new Map<string, Instance[]>();
  for (const instance of instances) {
    if (Object.keys(instance.inputs).length > 0) continue;
    const { type } = instance.node;
    const seed = seedParam(type.params);
    if (seed === undefined) continue;
    push(byStream, canonicalJson([type.type, instance.params[seed] ?? null]), instance);
  }
  const reported = new Set<string>();
  for (const group of byStream.values()) {
    const [first, ...others] = group;
    for (const other of others) {
      if (other.stage === first!.stage || reported.has(other.stage)) continue;
      reported.add(other.stage);
      const message = `stages ${quote(first!.stage)} and ${quote(other.stage)} share a random stream: equal node types and seeds`;
      const notes = [{ message: `stage ${quote(first!.stage)}`, span: first!.span }];
      const hint = 'add a part to one seed, say seed: [1, "test"]';
      problems.warn("shared-stream", message, other.span, { notes, hint });
    }
    warnPrefixes(group, problems);
  }
}

function warnPrefixes(group: readonly Instance[], problems: Problems): void {
  const seen = new Map<string, Instance>();
  for (const instance of group) {
    const { grows } = instance.node.type;
    if (!grows) continue;
    const { [grows.by]: value, ...rest } = instance.params;
    const key = canonicalJson([instance.stage, rest]);
    const other = seen.get(key);
    seen.set(key, instance);
    if (!other || other.params[grows.by] === value) continue;
    const message = `${quote(other.label)} and ${quote(instance.label)} begin with the same rows: equal seeds`;
    const hint = "add the axis to the seed";
    problems.warn("shared-stream", message, instance.span, { hint });
  }
}
