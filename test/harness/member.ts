/** The checkout of one of several users, who runs the command line as that user. Only for root. */
import { chmodSync, chownSync } from "node:fs";
import { dirname } from "node:path";
import { fixture } from "./checkout.ts";
import { type CliOptions, type Ended, Space } from "./space.ts";

/** Why this process cannot act as other users; undefined if it can. */
export const alone =
  process.platform === "linux" && process.getuid?.() === 0
    ? undefined
    : "only root can run processes of several users";
if (alone) console.warn(`skipping the tests with several users: ${alone}`);

/** A group that no account needs to have. */
export const LAB = 20100;

export interface MemberOptions {
  readonly umask?: number;
  /** A further group of the user. */
  readonly group?: number | undefined;
}

export class Member extends Space {
  readonly user: number;
  readonly #become: string;

  /** @param user - the number of the user, and of its own group */
  constructor(user: number, { umask = 0o022, group }: MemberOptions = {}) {
    super();
    this.user = user;
    this.#become = [user, umask, ...(group === undefined ? [] : [group])].join(":");
    chownSync(this.folder, user, user);
    chmodSync(this.folder, 0o700);
  }

  override write(name: string, text: string | Uint8Array): string {
    const path = super.write(name, text);
    // The constructor of Space writes before `user` is set.
    if (this.user !== undefined) {
      for (const made of [path, dirname(path)]) chownSync(made, this.user, this.user);
    }
    return path;
  }

  override cli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
    const { env, node = [], ...rest } = options;
    const become = { BECOME: this.#become };
    const inProcess = node.length === 0 && !Object.values(rest).some(Boolean);
    return super.cli(args, {
      ...rest,
      ...(inProcess ? {} : { node: ["--import", fixture("become.mjs"), ...node] }),
      env: { ...env, ...become },
    });
  }

  /** Sets the effective ids, which rights go by; the real user stays root, so that root can return. */
  protected override become(): () => void {
    const [user, mask, ...groups] = this.#become.split(":").map(Number) as [number, number];
    const before = { umask: process.umask(mask), groups: process.getgroups!() };
    process.setgroups!(groups);
    process.setegid!(user);
    process.seteuid!(user);
    return () => {
      process.seteuid!(0);
      process.setegid!(0);
      process.setgroups!(before.groups);
      process.umask(before.umask);
    };
  }
}
