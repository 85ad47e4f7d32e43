/**
 * The types of SHA-256 digests, by what they name, so that one is not taken for the other. No value
 * has the property `names`; store/digest.ts makes the values.
 */

/** Names bytes, or a value in canonical JSON. */
export type Digest = `sha256:${string}` & { readonly names: "content" };

/** Names an action: the digest of its preimage. */
export type ActionKey = `sha256:${string}` & { readonly names: "action" };
