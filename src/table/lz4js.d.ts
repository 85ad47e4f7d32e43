/** The part of lz4js that is used; the package has no types. */
declare module "lz4js" {
  /** One whole LZ4 frame. */
  export function decompress(bytes: Uint8Array): Uint8Array;
}
