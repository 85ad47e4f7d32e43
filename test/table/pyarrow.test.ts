/** What pyarrow sees of our chunks; skipped, by name, where there is no pyarrow. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodeChunk } from "../../src/table/arrow-reader.ts";
import { bytesOf, encodeArtifact, toArrowFile } from "../../src/table/arrow-writer.ts";
import { Folder } from "../store/folder.ts";
import { batch, schema } from "./every-type.ts";

const program = `
import json, sys
import pyarrow as pa, pyarrow.ipc as ipc
table = ipc.open_file(sys.argv[1]).read_all()
table.validate(full=True)
with open(sys.argv[1], "rb") as file:
    file.seek(8)
    stream = ipc.open_stream(file).read_all()
assert stream.schema.equals(table.schema) and stream.num_rows == table.num_rows
types = {f.name: f"{f.type}{'' if f.nullable else ' not null'}" for f in table.schema}
rows = {name: [repr(value) for value in table[name].to_pylist()] for name in table.column_names}
tensor = table["tensor"].combine_chunks().to_numpy_ndarray().tolist() if table.num_rows else []
print(json.dumps({"types": types, "rows": rows, "tensor": tensor, "batches": ipc.open_file(sys.argv[1]).num_record_batches}))
`;

const hasPyarrow = (() => {
  try {
    execFileSync("python3", ["-c", "import pyarrow"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

function inPyarrow(bytes: Uint8Array) {
  using folder = new Folder();
  const path = join(folder.path, "file.arrow");
  writeFileSync(path, bytes);
  return JSON.parse(execFileSync("python3", ["-c", program, path], { encoding: "utf8" }));
}

const types = {
  bool: "bool not null",
  int8: "int8 not null",
  uint8: "uint8 not null",
  int16: "int16 not null",
  uint16: "uint16 not null",
  int32: "int32 not null",
  uint32: "uint32 not null",
  int64: "int64 not null",
  float32: "float not null",
  float64: "double not null",
  utf8: "string not null",
  null_bool: "bool",
  null_int64: "int64",
  null_float64: "double",
  null_utf8: "string",
  all_null: "float",
  no_null: "int32",
  bits: "fixed_size_list<item: bool not null>[9] not null",
  spins: "extension<arrow.fixed_shape_tensor[value_type=bool, shape=[2,2]]> not null",
  vector: "fixed_size_list<item: float not null>[3] not null",
  tensor: "extension<arrow.fixed_shape_tensor[value_type=double, shape=[2,3]]> not null",
  small: "fixed_size_list<item: uint16 not null>[2] not null",
  list_int8: "list<item: int8 not null> not null",
  list_uint32: "list<item: uint32 not null> not null",
  list_float64: "list<item: double not null> not null",
  list_utf8: "list<item: string not null> not null",
};

test.skipIf(!hasPyarrow)("pyarrow opens a chunk of every type (needs pyarrow)", async () => {
  for await (const chunk of encodeArtifact(schema, [batch])) {
    const seen = inPyarrow(bytesOf(chunk));
    expect(seen.types).toEqual(types);
    expect(seen.rows).toMatchObject({
      bool: ["True", "False", "True"],
      uint32: ["0", "1", "4294967295"],
      int64: ["-9223372036854775808", "0", "9223372036854775807"],
      float32: ["1.5", "nan", "-inf"],
      float64: ["0.1", "-0.0", "5e-324"],
      utf8: ["''", "'é😀'", "'line\\nbreak'"],
      null_bool: ["True", "None", "False"],
      null_int64: ["None", "1", "None"],
      null_float64: ["None", "nan", "2.0"],
      null_utf8: ["''", "None", "'x'"],
      all_null: ["None", "None", "None"],
      no_null: ["1", "2", "3"],
      spins: [
        "[True, False, False, True]",
        "[False, True, True, False]",
        "[True, True, True, True]",
      ],
      vector: ["[1.0, 2.0, 3.0]", "[4.0, 5.0, 6.0]", "[7.0, 8.0, 9.0]"],
      small: ["[0, 1]", "[2, 3]", "[4, 65535]"],
      list_int8: ["[1, -1]", "[]", "[2]"],
      list_uint32: ["[]", "[4294967295]", "[]"],
      list_utf8: ["['a', '']", "[]", "['é']"],
    });
    expect(seen.rows.bits[1]).toBe(`[False, True${", False".repeat(7)}]`);
    expect(seen.tensor[1]).toEqual([
      [6, 7, 8],
      [9, 10, 11],
    ]);
    const table = decodeChunk(bytesOf(chunk));
    expect(inPyarrow(toArrowFile([table, table])).batches).toBe(2);
  }
});

test.skipIf(!hasPyarrow)("pyarrow opens a chunk without rows (needs pyarrow)", async () => {
  for await (const chunk of encodeArtifact(schema, [])) {
    const seen = inPyarrow(bytesOf(chunk));
    expect(seen.types).toEqual(types);
    expect(seen.rows.bool).toEqual([]);
  }
});
