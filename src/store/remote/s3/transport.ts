/**
 * The verbs in S3: GET, HEAD and PUT of `prefix/ac/<key>` and `prefix/cas/<digest>`, and ListObjectsV2.
 * Knows no record. Its messages hold neither credentials nor what a server sent.
 */
import { createHash } from "node:crypto";
import type { AwsV4Signer } from "aws4fetch";
import { type Area, type Call, type Page, RemoteFailure, type Transport } from "../transport.ts";
import { failureKind, pieces, request } from "../web.ts";
import { failureOf, isStale, type Refusal, refusalOf } from "./answers.ts";
import type { Credentials, Keys } from "./credentials.ts";
import { readPage } from "./listing.ts";
import type { Place } from "./place.ts";

interface Asked {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

type Answer =
  | { readonly response: Response; readonly refusal?: undefined }
  | { readonly response?: undefined; readonly refusal: Refusal };

export class S3Transport implements Transport {
  readonly place: string;
  /** Each costs a round trip, so many go at once. */
  readonly width = 32;
  readonly #place: Place;
  readonly #credentials: Credentials;
  /** Keys that aws4fetch derives from a secret, for a day. */
  readonly #derived = new Map<string, ArrayBuffer>();
  #Signer: typeof AwsV4Signer | undefined;
  /** Whether the bucket has ever been found. */
  #reached = false;
  /** Whether anything was ever read or written. */
  #useful = false;
  /** Whether listing is refused, so that what is missing looks like what is forbidden. */
  #blind: Promise<boolean> | undefined;
  #isBlind = false;
  #lists = true;
  #conditional = true;

  constructor(place: Place, credentials: Credentials) {
    this.place = place.name;
    this.#place = place;
    this.#credentials = credentials;
  }

  get doubt(): string | undefined {
    if (!this.#isBlind || this.#useful) return undefined;
    const { bucket } = this.#place;
    return `gives nothing, and does not say whether it is empty: grant s3:GetObject, and s3:ListBucket on ${bucket}`;
  }

  async has(area: Area, hex: string, call: Call): Promise<boolean> {
    const { response, refusal } = await this.#ask("HEAD", this.#keyOf(area, hex), call);
    if (response) {
      this.#useful = true;
      return true;
    }
    if (refusal.status === 404 && this.#reached) return false;
    if (refusal.status === 403 && this.#isBlind) return false;
    if (failureKind(refusal.status) === "transient") throw this.#failure(refusal);
    // An answer to HEAD has no body, hence no reason.
    const headers = { range: "bytes=0-0" };
    const reason = await this.#ask("GET", this.#keyOf(area, hex), call, { headers });
    await reason.response?.body?.cancel();
    // 416: it is there, and it is empty.
    if (reason.response || reason.refusal.status === 416) return true;
    await this.#checkMissing(reason.refusal, call);
    return false;
  }

  async get(area: Area, hex: string, call: Call): Promise<AsyncIterable<Uint8Array> | undefined> {
    const { response, refusal } = await this.#ask("GET", this.#keyOf(area, hex), call);
    if (!response) return await this.#checkMissing(refusal, call);
    this.#useful = true;
    return pieces(response, call);
  }

  async put(area: Area, hex: string, body: Uint8Array, call: Call, keep = false): Promise<void> {
    const conditional = keep && this.#conditional;
    const headers: Record<string, string> = conditional ? { "if-none-match": "*" } : {};
    const { response, refusal } = await this.#ask("PUT", this.#keyOf(area, hex), call, {
      ...{ body, headers },
    });
    if (response) {
      this.#useful = true;
      return await response.body?.cancel();
    }
    const { status, code } = refusal;
    // It is there: 412, or 304 from some servers.
    if (conditional && (status === 412 || status === 304)) return;
    const unknown = status === 501 || (status === 400 && !/Digest|SHA256|Auth/.test(code ?? ""));
    if (!conditional || !unknown || isStale(refusal)) throw this.#failure(refusal);
    await this.put(area, hex, body, call);
    this.#conditional = false;
  }

  async list(area: Area, after: string, call: Call): Promise<Page | undefined> {
    if (!this.#lists) return undefined;
    const folder = this.#keyOf(area, "");
    const { response, refusal } = await this.#ask("GET", "", call, {
      query: { prefix: folder, "start-after": folder + after, delimiter: "/" },
    });
    if (response) {
      const page = readPage(await textOf(pieces(response, call)), folder, after);
      if (!page) this.#lists = false;
      return page;
    }
    // Listing is a right of its own, and not every server has it.
    const denied = refusal.status === 403 && !isStale(refusal);
    if (!denied && refusal.status !== 501 && refusal.code !== "NotImplemented") {
      throw this.#failure(refusal);
    }
    this.#lists = false;
    return undefined;
  }

  #keyOf(area: Area, hex: string): string {
    return `${this.#place.prefix}${area}/${hex}`;
  }

  #failure(refusal: Refusal): RemoteFailure {
    return failureOf(refusal, this.#place, this.#credentials.source);
  }

  /** Returns if the refusal means that there is nothing; throws what else it means. */
  async #checkMissing(refusal: Refusal, call: Call): Promise<undefined> {
    const { status, code } = refusal;
    if (status === 404 && code !== "NoSuchBucket") {
      this.#reached = true;
      return undefined;
    }
    // In an archive, from where it cannot be read.
    if (code === "InvalidObjectState") return undefined;
    const denied = status === 403 && (code === "AccessDenied" || code === undefined);
    if (!denied || !(await this.#checkBlind(call))) throw this.#failure(refusal);
    return undefined;
  }

  /**
   * Whether listing is denied as well: then S3 says 403 of what is missing, and nobody can know. Else
   * 403 is a refusal.
   */
  #checkBlind(call: Call): Promise<boolean> {
    this.#blind ??= this.#askBlind(call).catch((error) => {
      this.#blind = undefined;
      throw error;
    });
    return this.#blind;
  }

  async #askBlind(call: Call): Promise<boolean> {
    const query = { prefix: this.#keyOf("ac", ""), "max-keys": "1" };
    const { response, refusal } = await this.#ask("GET", "", call, { query });
    await response?.body?.cancel();
    if (response) return false;
    const denied = refusal.code === "AccessDenied" || refusal.code === undefined;
    if (refusal.status !== 403 || !denied) throw this.#failure(refusal);
    this.#isBlind = true;
    return true;
  }

  /** Asks again with new credentials if the server does not take the old ones any more. */
  async #ask(method: string, key: string, call: Call, asked: Asked = {}): Promise<Answer> {
    const keys = await this.#credentials.get(call.signal);
    const answer = await this.#askWith(keys, method, key, call, asked);
    if (!answer.refusal || !isStale(answer.refusal)) return answer;
    const others = await this.#credentials.renew(keys, call.signal);
    return others ? await this.#askWith(others, method, key, call, asked) : answer;
  }

  async #askWith(
    keys: Keys,
    method: string,
    key: string,
    call: Call,
    { query, headers, body }: Asked,
  ): Promise<Answer> {
    this.#Signer ??= (await import("aws4fetch")).AwsV4Signer;
    const list = query && { "list-type": "2", "encoding-type": "url", ...query };
    const search = new URLSearchParams(list).toString().replaceAll("+", "%20");
    const { accessKeyId, secretAccessKey, sessionToken } = keys;
    const signed = await new this.#Signer({
      ...{ method, accessKeyId, secretAccessKey, cache: this.#derived },
      ...(sessionToken === undefined ? {} : { sessionToken }),
      url: `${this.#place.url}/${encode(key)}${search && `?${search}`}`,
      service: "s3",
      region: this.#place.region,
      // The server compares the bytes that came with this.
      headers: { ...headers, "x-amz-content-sha256": sha256(body ?? "") },
    }).sign();
    const response = await request(signed.url.href, call, {
      ...{ method, headers: signed.headers },
      ...(body ? { body: body as Uint8Array<ArrayBuffer> } : {}),
    });
    if (response.ok) {
      this.#reached = true;
      return { response };
    }
    return { refusal: await refusalOf(method, response) };
  }
}

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

/** As S3 wants it, which is more than `encodeURIComponent` does. */
const encode = (key: string) =>
  encodeURIComponent(key)
    .replaceAll("%2F", "/")
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** A page has about 350 KB; more than this is none. */
const PAGE_BYTES = 8 << 20;

async function textOf(all: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const piece of all) {
    parts.push(piece);
    size += piece.length;
    if (size > PAGE_BYTES) throw new RemoteFailure("failed", "gives a listing without end");
  }
  return Buffer.concat(parts).toString();
}
