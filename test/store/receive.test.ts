/** What becomes of the other side of a transfer where nothing can be written. */
import { expect, test } from "vitest";
import { sha256 } from "../../src/store/digest.ts";
import { receive } from "../../src/store/receive.ts";
import { Space } from "../harness/space.ts";

test("receive() closes what it reads from, whatever fails here", async () => {
  using space = new Space();
  space.write("tmp", "no folder");
  let closed = false;
  async function* pieces() {
    try {
      yield new Uint8Array(1);
    } finally {
      closed = true;
    }
  }
  const wanted = { digest: sha256("nothing"), bytes: 1 };
  const received = receive(space.path("tmp"), wanted, pieces(), (action) => action());
  await expect(received).rejects.toThrow("ENOTDIR");
  expect(closed).toBe(true);
});
