/** `blockspin cache …`: looks after the store. */
import { openStore, storeStats, verifyStore } from "../index.ts";
import { textTable } from "./table.ts";

interface StoreOptions {
  readonly cache?: string;
  readonly json?: boolean;
}
