/** `blockspin cache keygen`: makes the key that signs records. */
import type { Command } from "commander";
import { makeSigningKey } from "../../index.ts";
import { json } from "../options.ts";

export function define(command: Command) {
  command.addOption(json());
  return keygen;
}

async function keygen({ json }: { readonly json?: boolean }): Promise<number> {
  const { path, publicKey, made } = makeSigningKey(process.env);
  if (json) {
    process.stdout.write(`${JSON.stringify({ path, public_key: publicKey, made })}\n`);
    return 0;
  }
  process.stderr.write(
    made
      ? `made ${path}; keep it to yourself. Others accept what you compute by this line under trust: in their blockspin.config.yaml\n`
      : `${path} is there already; its public key\n`,
  );
  process.stdout.write(`${publicKey}\n`);
  return 0;
}
