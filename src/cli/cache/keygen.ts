/** `blockspin cache keygen`: makes the key that signs records. */
import type { Command } from "commander";
import { makeSigningKey } from "../../index.ts";
import { json } from "../options.ts";
import { err, out } from "../print/terminal.ts";

export function define(command: Command) {
  command.addOption(json());
  return keygen;
}

async function keygen({ json }: { readonly json?: boolean }): Promise<number> {
  const { path, publicKey, made } = makeSigningKey(process.env);
  if (json) {
    out.json({ path, public_key: publicKey, made }, 0);
    return 0;
  }
  err.print(
    made
      ? `made ${path}; keep it secret. Others accept your results with this line under trust: in their blockspin.config.yaml`
      : `${path} exists already; its public key is`,
  );
  out.print(publicKey);
  return 0;
}
