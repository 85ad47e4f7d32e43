/** Addresses and settings → the URL of a bucket; and mistakes in them. */
import { expect, test } from "vitest";
import { readPage } from "../../../../src/store/remote/s3/listing.ts";
import { placeOf } from "../../../../src/store/remote/s3/place.ts";
import { parseIni } from "../../../../src/store/remote/s3/profiles.ts";
import { s3 } from "../../../../src/store/remote/s3.ts";

const none = { HOME: "/nonexistent" };

function urlOf(place: string, settings: Record<string, unknown> = {}, environment = {}): string {
  return placeOf({ name: "lab", place, settings, environment: { ...none, ...environment } }).url;
}

test.each<[string, Record<string, unknown>, Record<string, string>, string]>([
  ["s3://lab", {}, {}, "https://lab.s3.us-east-1.amazonaws.com"],
  ["s3://lab/x", { region: "eu-central-1" }, {}, "https://lab.s3.eu-central-1.amazonaws.com"],
  ["s3://lab", { region: "cn-north-1" }, {}, "https://lab.s3.cn-north-1.amazonaws.com.cn"],
  ["s3://lab", { path_style: true }, {}, "https://s3.us-east-1.amazonaws.com/lab"],
  ["s3://lab.uni.edu", {}, {}, "https://s3.us-east-1.amazonaws.com/lab.uni.edu"],
  ["s3://lab", { endpoint: "http://minio:9000/" }, {}, "http://minio:9000/lab"],
  ["s3://lab", { endpoint: "http://minio:9000", path_style: false }, {}, "http://lab.minio:9000"],
  [
    "s3://lab",
    {},
    { AWS_ENDPOINT_URL: "https://a", AWS_ENDPOINT_URL_S3: "https://b/s3" },
    "https://b/s3/lab",
  ],
  ["s3://lab", { endpoint: "https://c" }, { AWS_ENDPOINT_URL_S3: "https://b" }, "https://c/lab"],
  [
    "s3://lab",
    {},
    { AWS_ENDPOINT_URL: "https://a", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
    "https://lab.s3.us-east-1.amazonaws.com",
  ],
])("%s with %o and %o is at %4$s", (place, settings, environment, url) => {
  expect(urlOf(place, settings, environment)).toBe(url);
});

test("an address has one form", () => {
  for (const text of ["s3://lab/a b", "S3://lab/a b/", "s3://lab/a b//"]) {
    expect(s3.address(text, String)).toBe("s3://lab/a b");
  }
  for (const text of ["s3://lab", "s3://lab/"]) expect(s3.address(text, String)).toBe("s3://lab");
});

test.each([
  "s3://",
  "s3:///x",
  "s3://x",
  "s3://key:hunter2@lab/x",
  "s3://lab?hunter2",
  "s3://lab/x#hunter2",
  "s3://lab/a//hunter2",
  "s3://lab/../hunter2",
  "s3://lab/hunter2\n",
])("%j is refused, and not repeated", (text) => {
  expect(() => s3.address(text, String)).toThrow(/^(?!.*hunter2)/);
});

test.each<[string, unknown, boolean]>([
  ["endpoint", "https://minio.lab:9000/s3", true],
  ["endpoint", "minio.lab:9000", false],
  ["endpoint", "https://me:pw@minio", false],
  ["endpoint", "https://minio?x", false],
  ["endpoint", "ftp://minio", false],
  ["region", "eu-central-1", true],
  ["region", "", false],
  ["region", 3, false],
  ["path_style", "yes", false],
  ["path_style", false, true],
  ["profile", "my lab", true],
  ["profile", "a]\n[b", false],
])("%s may be %j: %s", (name, value, fits) => {
  expect(s3.keys[name]!.fits(value)).toBe(fits);
});

test("a mistake of the environment is told by its name", () => {
  expect(() => urlOf("s3://lab", {}, { AWS_ENDPOINT_URL: "minio:9000" })).toThrow(
    'remote "lab": AWS_ENDPOINT_URL must be an http or https URL without user, password and query',
  );
  expect(() => urlOf("s3://lab", {}, { AWS_REGION: "eu central" })).toThrow(
    'remote "lab": the region is not the name of one',
  );
});

test("the files of ~/.aws are read as AWS's tools read them", () => {
  const text = `ignored = 1
[ default ]
Region = eu-west-1   ; a comment
output=
  nested = 1
aws_secret_access_key = a;b#c=d ==
  # a comment
[profile "my lab"]
s3 =
    endpoint_url = http://x
    other=2
region=z
[default]
more = 1`;
  const sections = parseIni(text.replaceAll("\n", "\r\n"));
  expect([...sections.keys()]).toEqual(["default", "profile my lab"]);
  expect(Object.fromEntries(sections.get("default")!)).toEqual({
    ...{ region: "eu-west-1", output: "", "output.nested": "1", more: "1" },
    aws_secret_access_key: "a;b#c=d ==",
  });
  expect(Object.fromEntries(sections.get("profile my lab")!)).toEqual({
    ...{ s3: "", "s3.endpoint_url": "http://x", "s3.other": "2", region: "z" },
  });
});

test("an ETag is an MD5 only of objects that were sent as one", () => {
  const md5 = "0123456789abcdef".repeat(2);
  const of = (etag: string) => {
    const entry = `<Contents><Key>x/${"a".repeat(64)}</Key><ETag>${etag}</ETag><Size>7</Size></Contents>`;
    return [...readPage(`<ListBucketResult>${entry}</ListBucketResult>`, "x/", "")!.files.values()];
  };
  expect(of(`&quot;${md5}&quot;`)).toEqual([{ bytes: 7, md5 }]);
  expect(of(`"${md5}"`)).toEqual([{ bytes: 7, md5 }]);
  expect(of(`&quot;${md5}-2&quot;`)).toEqual([{ bytes: 7, md5: undefined }]);
  expect(of("")).toEqual([{ bytes: 7, md5: undefined }]);
});
