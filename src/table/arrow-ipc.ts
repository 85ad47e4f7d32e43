/**
 * The messages of Arrow IPC data, a file or a stream: its fields, and where the buffers of each batch
 * lie. Checks every length, offset and count against the bytes that are there, and uses no byte
 * twice, so that the work is bounded by the size of the file. Knows no values.
 *
 * apache-arrow reads the same messages, but believes them: it never ends on some damaged files, and
 * returns values from others that contradict themselves.
 */

import { type Field, fieldsOf } from "./arrow-types.ts";
import { UnreadableArrow } from "./errors.ts";
import { FlatTable, sizeAt } from "./flatbuffer.ts";

export interface RawBatch {
  readonly rows: number;
  /** The nodes of all columns, each before its child. */
  readonly nodes: readonly Node[];
  /** Compressed ones begin with their length. */
  readonly buffers: readonly Uint8Array[];
  /** How many buffers of text each column of views has. */
  readonly viewed: readonly number[];
  /** Number of the codec of the buffers. */
  readonly codec: number | undefined;
}

interface Node {
  readonly length: number;
  /** Below 0 if the writer did not count. */
  readonly nulls: number;
}

export interface Message {
  readonly batch: RawBatch;
  /** Set for a batch of a dictionary's values. */
  readonly dictionary?: { readonly id: number; readonly adds: boolean };
}

export interface ArrowData {
  readonly fields: readonly Field[];
  /** A dictionary comes before the batches that use it. */
  readonly messages: readonly Message[];
}

const MAGIC = "ARROW1";
/** Types of messages. */
const SCHEMA = 1;
const DICTIONARY = 2;
const BATCH = 3;
/** Metadata versions 4 and 5, which differ in unions alone. */
const VERSIONS = [3, 4];

export function damaged(reason: string): UnreadableArrow {
  return new UnreadableArrow(`not a readable Arrow IPC file: ${reason}`);
}

/** `read`, whose errors all become `UnreadableArrow`. */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableArrow) throw error;
    // The message of such an error would help nobody.
    const isLost = error instanceof RangeError || error instanceof TypeError;
    throw damaged(isLost ? "it is cut off or damaged" : (error as Error).message);
  }
}

export function readMessages(data: Uint8Array): ArrowData {
  // Slices of a `Buffer` share its memory, others are copies.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const isFile = isMagic(bytes.subarray(0, MAGIC.length));
  return isFile ? readFile(bytes) : readStream(bytes);
}

function isMagic(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1") === MAGIC;
}

function readFile(bytes: Uint8Array): ArrowData {
  const end = bytes.length - MAGIC.length - 4;
  if (!isMagic(bytes.subarray(end + 4))) throw damaged("it is cut off or damaged");
  const start = end - viewOf(bytes).getInt32(end, true);
  if (start < 8 || start >= end) throw new RangeError("the footer lies outside of the file");
  const footer = FlatTable.of(bytes.subarray(start, end));
  checkVersion(footer.int16(0));
  const fields = knownFields(bytes.subarray(start, end), () => fieldsOf(footer.table(1)));
  const blocks = [...blocksIn(footer, 2, DICTIONARY), ...blocksIn(footer, 3, BATCH)];
  checkDisjoint(blocks, start);
  const known = new Set<number>();
  const messages = blocks.map((block) => {
    const message = readBlock(bytes.subarray(0, start), block);
    const { dictionary } = message;
    // Blocks have no order in time, so that one of two could be meant.
    if (dictionary && !dictionary.adds && known.has(dictionary.id)) {
      throw damaged("a dictionary is there twice");
    }
    if (dictionary) known.add(dictionary.id);
    return message;
  });
  return { fields, messages };
}

/** By footers, which are the same in most chunks of an artifact. */
const fieldsBy = new Map<string, readonly Field[]>();
const footersMost = 64;
const footerBytesMost = 2 ** 14;

function knownFields(footer: Uint8Array, read: () => readonly Field[]): readonly Field[] {
  if (footer.length > footerBytesMost) return read();
  const key = Buffer.from(footer.buffer, footer.byteOffset, footer.length).toString("latin1");
  const known = fieldsBy.get(key);
  if (known) return known;
  const fields = read();
  if (fieldsBy.size === footersMost) fieldsBy.clear();
  fieldsBy.set(key, fields);
  return fields;
}

/** Where the footer says that a message is. */
interface Block {
  readonly type: number;
  readonly offset: number;
  readonly metadata: number;
  readonly body: number;
}

function blocksIn(footer: FlatTable, slot: number, type: number): Block[] {
  const { view, length, at } = footer.vector(slot, 24);
  return Array.from({ length }, (_, i) => ({
    type,
    offset: sizeAt(view, at(i)),
    metadata: view.getInt32(at(i) + 8, true),
    body: sizeAt(view, at(i) + 16),
  }));
}

function checkDisjoint(blocks: readonly Block[], end: number): void {
  let free = 8;
  for (const { offset, metadata, body } of [...blocks].sort((a, b) => a.offset - b.offset)) {
    if ([offset, metadata, body].some((size) => size % 8 !== 0)) {
      throw damaged("a batch is not aligned to 8 bytes");
    }
    if (offset < free || metadata < 8) throw damaged("two of its batches overlap");
    free = offset + metadata + body;
  }
  if (free > end) throw damaged("a batch lies outside of the file");
}

function readBlock(bytes: Uint8Array, { type, offset, metadata, body }: Block): Message {
  const message = readMessage(bytes, offset);
  if (message?.type !== type) throw damaged("its footer points at something else than a batch");
  if (message.bodyAt !== offset + metadata || message.body.length !== body) {
    throw damaged("its footer contradicts a batch");
  }
  return batchOf(message);
}

function readStream(bytes: Uint8Array): ArrowData {
  const first = bytes.length > 0 ? readMessage(bytes, 0) : undefined;
  if (!first) throw damaged("it has no schema");
  if (first.type !== SCHEMA) throw damaged("it does not begin with a schema");
  const fields = fieldsOf(first.header);
  const messages: Message[] = [];
  // The end may be marked or not.
  for (let at = first.end; at < bytes.length; ) {
    const message = readMessage(bytes, at);
    if (!message) {
      if (bytes.subarray(at + 4).some((byte) => byte !== 0)) {
        throw damaged("there are bytes after the end of the stream");
      }
      break;
    }
    messages.push(batchOf(message));
    at = message.end;
  }
  return { fields, messages };
}

interface RawMessage {
  readonly type: number;
  readonly header: FlatTable;
  readonly bodyAt: number;
  readonly body: Uint8Array;
  readonly end: number;
}

/** Undefined for the mark at the end of a stream. */
function readMessage(bytes: Uint8Array, start: number): RawMessage | undefined {
  const view = viewOf(bytes);
  // Before Arrow 0.15 the length came without a mark.
  const isMarked = view.getInt32(start, true) === -1;
  const from = isMarked ? start + 8 : start + 4;
  const length = view.getInt32(from - 4, true);
  if (length === 0) return undefined;
  const bodyAt = from + length;
  if (length < 0 || bodyAt > bytes.length) throw new RangeError("a message is cut off");
  const message = FlatTable.of(bytes.subarray(from, bodyAt));
  checkVersion(message.int16(0));
  const [type, header] = [message.uint8(1), message.table(2)];
  const end = bodyAt + message.size(3);
  if (!header || end > bytes.length) throw new RangeError("a message is cut off");
  return { type, header, bodyAt, body: bytes.subarray(bodyAt, end), end };
}

function batchOf({ type, header, body }: RawMessage): Message {
  if (type === BATCH) return { batch: readBatch(header, body) };
  const data = type === DICTIONARY ? header.table(1) : undefined;
  if (!data) throw damaged("it has a message that is not a batch");
  const dictionary = { id: header.size(0), adds: header.uint8(2) !== 0 };
  return { batch: readBatch(data, body), dictionary };
}

function readBatch(header: FlatTable, body: Uint8Array): RawBatch {
  const nodes = header.vector(1, 16);
  const buffers = header.vector(2, 16);
  const counts = header.vector(4, 8);
  const compression = header.table(3);
  if (compression && compression.uint8(1) !== 0) {
    throw damaged("it is compressed by an unknown method");
  }
  let left = body.length;
  return {
    rows: header.size(0),
    nodes: Array.from({ length: nodes.length }, (_, i) => ({
      length: sizeAt(nodes.view, nodes.at(i)),
      nulls: Number(nodes.view.getBigInt64(nodes.at(i) + 8, true)),
    })),
    buffers: Array.from({ length: buffers.length }, (_, i) => {
      const [offset, length] = [buffers.at(i), buffers.at(i) + 8].map((at) =>
        sizeAt(buffers.view, at),
      ) as [number, number];
      if (length === 0) return new Uint8Array(0);
      left -= length;
      if (offset % 8 !== 0 || offset + length > body.length || left < 0) {
        throw damaged("a buffer lies outside of its batch, or on another");
      }
      return body.subarray(offset, offset + length);
    }),
    viewed: Array.from({ length: counts.length }, (_, i) => sizeAt(counts.view, counts.at(i))),
    codec: compression?.uint8(0),
  };
}

function checkVersion(version: number): void {
  if (VERSIONS.includes(version)) return;
  throw damaged(`its metadata have version ${version + 1}; expected 4 or 5`);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
