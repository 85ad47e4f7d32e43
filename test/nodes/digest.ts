/** The digest that a node's test pins: every column's bytes, in order of port and column. */
import { createHash } from "node:crypto";
import type { Table } from "../../src/table/schema.ts";

export function digestOf(outputs: Readonly<Record<string, Table>>): string {
  const hash = createHash("sha256");
  for (const port of Object.keys(outputs).sort()) {
    const { schema, columns } = outputs[port]!;
    for (const name of Object.keys(schema).sort()) {
      const data = (columns as Record<string, unknown>)[name];
      hash.update(`${port}.${name}:${JSON.stringify(schema[name])}\n`);
      if (ArrayBuffer.isView(data)) {
        hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      } else hash.update(JSON.stringify(data));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
