import { ModelError } from "@plugboard/core";
import type { LimitStore } from "@plugboard/core";
import { Refusal } from "../handling/refusal.ts";
import type { Incoming } from "../handling/incoming.ts";
import { keyRing } from "./key-ring.ts";
import { presentedKey } from "./presented-key.ts";
import type { VirtualKey } from "./virtual-key.ts";
import { wrongKeys } from "./wrong-keys.ts";
import type { WrongKeys } from "./wrong-keys.ts";

/** What the door goes by. */
export interface KeyDoorOptions {
  readonly keys: readonly VirtualKey[] | "none";
  readonly limits: LimitStore;
  readonly wrong?: WrongKeys;
  /** Told of each wrong key. */
  readonly onWrong: () => void;
}

/** Lets in those who may. */
export interface KeyDoor {
  /** @throws {Refusal} 401 without a right key, 429 where wrong ones come too often */
  open(incoming: Incoming): VirtualKey;
  /**
   * Counts a request against the limits of its key, before its body is read.
   *
   * @returns what to do once it has been answered
   * @throws {Refusal} 429
   */
  enter(key: VirtualKey): Promise<() => void>;
}

/** Everyone, where no keys are asked for: the server then listens on this machine alone. */
const anyone: VirtualKey = { name: "anyone", hash: "", metrics: true };

/** Reads keys, and keeps to their limits. */
export function keyDoor({ keys, limits, wrong = wrongKeys(), onWrong }: KeyDoorOptions): KeyDoor {
  const ring = keys === "none" ? undefined : keyRing(keys);
  const under = new Map<VirtualKey, number>();

  function open({ header, remote }: Incoming): VirtualKey {
    if (!ring) return anyone;
    const text = presentedKey(header);
    if (text === undefined) throw unknown();
    const key = ring.find(text);
    const wait = wrong.wait(remote, key?.name);
    if (wait > 0) {
      onWrong();
      throw busy("Too many wrong keys came from this address.", wait, true);
    }
    if (!key) {
      onWrong();
      wrong.wrong(remote);
      throw unknown();
    }
    wrong.right(remote, key.name);
    return key;
  }

  async function enter(key: VirtualKey): Promise<() => void> {
    const { requests, concurrent } = key.limits ?? {};
    const open = under.get(key) ?? 0;
    if (concurrent !== undefined && open >= concurrent) {
      throw busy(`This key may have ${concurrent} requests under way at once.`, 1000);
    }
    if (concurrent !== undefined) under.set(key, open + 1);
    const leave = (): void => {
      if (concurrent !== undefined) under.set(key, (under.get(key) ?? 1) - 1);
    };
    if (requests === undefined) return leave;
    try {
      const outcome = await limits.take([
        { key: `gateway/${key.name}/requests`, limit: requests, window: 60_000, cost: 1 },
      ]);
      if (!outcome.granted) throw busy(`This key may send ${requests} requests a minute.`, outcome.retryAfter);
    } catch (error) {
      leave();
      if (error instanceof Refusal) throw error;
      // Whether a limit that cannot be read holds is not known: then nobody passes.
      const cause = ModelError.from(error);
      throw new Refusal(503, new ModelError("The limits of this key cannot be read.", { code: "overloaded", cause }));
    }
    return leave;
  }

  return { open, enter };
}

/** The same for a key that is missing, and for one that is wrong. */
function unknown(): Refusal {
  return new Refusal(401, new ModelError("The key is missing or wrong.", { code: "auth" }));
}

function busy(message: string, retryAfter: number, close = false): Refusal {
  return new Refusal(429, new ModelError(message, { code: "rate-limit", retryAfter }), close);
}
