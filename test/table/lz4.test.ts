/** Frames as the program `lz4` makes them, and frames written out by hand where it makes none. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadCodec } from "../../src/table/codecs.ts";
import { decompressLz4 } from "../../src/table/lz4.ts";

const fromHex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const read = (hex: string, length: number) =>
  Buffer.from(decompressLz4(fromHex(hex), length)).toString("latin1");

const hello = "05000080 68656c6c6f";
/** xxh32 of "hello". */
const sum = "f97700fb";
const end = "00000000";
const plain = `04224d18 6040 82 ${hello} ${end}`;
const checkedBlock = `04224d18 7040 ad ${hello} ${sum} ${end}`;
const checked = `04224d18 7c40 0500000000000000 03 ${hello} ${sum} ${end} ${sum}`;

test("decompressLz4() reads frames with and without optional fields", () => {
  for (const frame of [plain, checkedBlock, checked]) expect(read(frame, 5)).toBe("hello");
  expect(read("", 0)).toBe("");
});

test("decompressLz4() reads linked blocks of 64 KiB with all checksums", () => {
  // lz4 -B4 -BD -BX --content-size
  const frame =
    "BCJNGFxA4CICAAAAAABPFAEAAK8wMTIzNDU2Nzg5CgD/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////3lAxMjM0NZfPOUAKAQAAD/r//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////+hQNzg5MDFGCk9lNgAAAK8yMzQ1Njc4OTAxCgD/////////////////////////////////////////////4FA1Njc4ORXL3M0AAAAA49twyg==";
  const bytes = Uint8Array.from(Buffer.from(frame, "base64"));
  const text = "0123456789".repeat(14_000);
  expect(Buffer.from(decompressLz4(bytes, text.length)).toString()).toBe(text);
});

test("decompressLz4() lets a block look back where its frame says so, and only there", () => {
  const blocks = `${hello} 05000000 01 0500 10 21 ${end}`;
  expect(read(`04224d18 4040 c0 ${blocks}`, 11)).toBe("hellohello!");
  expect(() => read(`04224d18 6040 82 ${blocks}`, 11)).toThrow("refers to what is not there");
  // Never into another frame.
  const second = `04224d18 4040 c0 05000000 01 0500 10 21 ${end}`;
  expect(() => read(`${plain} ${second}`, 11)).toThrow("refers to what is not there");
});

test("decompressLz4() reads several frames and skips those that are to be skipped", () => {
  const skipped = "532a4d18 03000000 010203";
  expect(read(`${skipped} ${checked} ${skipped} ${plain}`, 10)).toBe("hellohello");
});

test("every flipped bit and every cut of a frame with checksums is an error", () => {
  const frame = fromHex(checked);
  for (let bit = 0; bit < 8 * frame.length; bit++) {
    const damaged = frame.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => decompressLz4(damaged, 5), `bit ${bit}`).toThrow("an LZ4 frame is damaged: ");
  }
  for (let length = 0; length < frame.length; length++) {
    expect(() => decompressLz4(frame.subarray(0, length), 5)).toThrow("an LZ4 frame is damaged: ");
  }
});

test("decompressLz4() refuses what contradicts itself, by its reason", () => {
  const refused = (hex: string, length: number, reason: string) =>
    expect(() => read(hex, length)).toThrow(`an LZ4 frame is damaged: ${reason}`);
  refused(plain, 6, "it holds 5 bytes instead of 6");
  refused(plain, 4, "it holds more than it should");
  refused(`${plain} 00`, 5, "it is cut off");
  refused(`${plain} 00000000`, 5, "it does not begin like one");
  refused(checkedBlock.replace(sum, "fa7700fb"), 5, "a block does not match its checksum");
  refused(`04224d18 7c40 0500000000000000 03 ${end} 055dcc02`, 0, "it states 5 bytes and holds 0");
  refused("04224d18 6140 01000000 d0 00000000", 0, "it needs a dictionary");
  refused("04224d18 6040 82 01000180", 99_999, "a block is longer than its header allows");
  // A match before the begin, a run of literals that is cut, and a block that ends with a match.
  refused(
    `04224d18 6040 82 05000000 01 0100 10 21 ${end}`,
    6,
    "a block refers to what is not there",
  );
  refused(`04224d18 6040 82 02000000 f0 01 ${end}`, 99, "a block is cut off");
  refused(`04224d18 6040 82 04000000 10 21 0100 ${end}`, 5, "a block is cut off");
});

test("a run of ZSTD on which fzstd never ends is refused, and so is another length", async () => {
  const zstd = await loadCodec(1);
  const page = readFileSync(new URL("../fixtures/endless-page.zst", import.meta.url));
  expect(() => zstd(page, 4000)).toThrow("a ZSTD frame is damaged");
  // One raw block, "hello", with its size and the checksum of its content.
  const frame = fromHex("28b52ffd 24 05 290000 68656c6c6f a36d9f88");
  expect(Buffer.from(zstd(frame, 5)).toString()).toBe("hello");
  for (const length of [4, 6]) expect(() => zstd(frame, length)).toThrow("damaged");
  for (let bit = 0; bit < 8 * frame.length; bit++) {
    const damaged = frame.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    // Two bits of the header change how it is written, not what is in it.
    if (bit === 36 || bit === 37) expect(zstd(damaged, 5)).toEqual(zstd(frame, 5));
    else expect(() => zstd(damaged, 5), `bit ${bit}`).toThrow("damaged");
  }
});

test("loadCodec() refuses a codec that there is not", async () => {
  await expect(loadCodec(7)).rejects.toThrow("it is compressed with an unknown codec (7)");
});
