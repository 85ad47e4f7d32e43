/**
 * Arrow's writer and reader, loaded when they are first needed. Kept here, since Node asks its loader
 * for each `import()`, which takes longer than to write a small table where a user's module has hooks.
 */
type Writer = typeof import("./arrow-writer.ts");
type Reader = typeof import("./arrow-reader.ts");

let writer: Writer | undefined;
let reader: Reader | undefined;

export async function arrowWriter(): Promise<Writer> {
  writer ??= await import("./arrow-writer.ts");
  return writer;
}

export async function arrowReader(): Promise<Reader> {
  reader ??= await import("./arrow-reader.ts");
  return reader;
}
