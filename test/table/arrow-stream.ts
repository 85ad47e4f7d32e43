/** Writes Arrow streams message by message, right ones and ones that no writer would make. */
import { type DataType, Field, Message, Schema } from "apache-arrow";
import {
  BodyCompression,
  BufferRegion,
  DictionaryBatch,
  FieldNode,
  RecordBatch,
} from "apache-arrow/ipc/metadata/message";
import { readForeignTables } from "../../src/store/tables.ts";

export interface Part {
  readonly rows: number;
  /** Length and nulls of each column, before those of its child. */
  readonly nodes: readonly (readonly [length: number, nulls: number])[];
  readonly buffers: readonly ArrayBufferView[];
  readonly viewed?: readonly number[];
  /** 0 is LZ4, 1 is ZSTD; the buffers are then as they lie in the file. */
  readonly codec?: number;
  readonly dictionary?: { readonly id: number; readonly adds?: boolean };
  /** Where the buffers are said to be; where they are, if left out. */
  readonly regions?: readonly (readonly [offset: number, length: number])[];
}

export function arrowStream(schema: Schema, parts: readonly Part[]): Uint8Array {
  return Buffer.concat([message(Message.from(schema)), ...parts.map(partBytes), mark(0)]);
}

function partBytes({ rows, nodes, buffers, viewed, codec, dictionary, regions }: Part): Buffer {
  const pieces: Buffer[] = [];
  const found: [number, number][] = [];
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of buffers) {
    const bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
    found.push([at, byteLength]);
    pieces.push(bytes, Buffer.alloc(-byteLength & 7));
    at += byteLength + (-byteLength & 7);
  }
  const batch = new RecordBatch(
    rows,
    nodes.map(([length, nulls]) => new FieldNode(length, nulls)),
    (regions ?? found).map(([offset, length]) => new BufferRegion(offset, length)),
    codec === undefined ? null : new BodyCompression(codec),
    [...(viewed ?? [])],
  );
  const header = dictionary ? new DictionaryBatch(batch, dictionary.id, dictionary.adds) : batch;
  return Buffer.concat([message(Message.from(header, at)), ...pieces]);
}

function message(content: Message): Buffer {
  const bytes = Message.encode(content);
  const padding = -bytes.length & 7;
  return Buffer.concat([mark(bytes.length + padding), bytes, Buffer.alloc(padding)]);
}

function mark(length: number): Buffer {
  return Buffer.from(Int32Array.of(-1, length).buffer);
}

/** A buffer as it lies in a compressed batch. */
export function stated(length: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(BigInt64Array.of(BigInt(length)).buffer), bytes]);
}

export const none = new Uint8Array(0);
export const text = (value: string) => Buffer.from(value);
export const one = (type: DataType, nullable = true) =>
  new Schema([new Field("x", type, nullable)]);
export const stream = (type: DataType, ...parts: Part[]) => arrowStream(one(type), parts);
export const valuesOf = async (bytes: Uint8Array) =>
  (await readForeignTables(bytes)).flatMap(({ columns }) => [...(columns["x"] as string[])]);

export const floats: Part = {
  rows: 3,
  nodes: [[3, 0]],
  buffers: [none, Float64Array.of(0, 0.5, 1)],
};
export const texts: Part = {
  rows: 2,
  nodes: [[2, 0]],
  buffers: [none, Int32Array.of(0, 2, 3), text("abc")],
};
export const lists: Part = {
  rows: 2,
  nodes: [
    [2, 0],
    [3, 0],
  ],
  buffers: [none, Int32Array.of(0, 2, 3), none, Float64Array.of(1, 2, 3)],
};
