/** How often wrong keys are looked at. */
export interface WrongKeyOptions {
  /** Wrong keys that an address may send at once. @default 20 */
  readonly burst?: number;
  /** Milliseconds after which it may send another. @default 3000 */
  readonly every?: number;
  /** Milliseconds since any fixed moment. @default performance.now */
  readonly now?: () => number;
}

/** Keeps those who guess keys from guessing often. */
export interface WrongKeys {
  /**
   * Milliseconds for which no key from this address counts, be it right or wrong; 0 where it does.
   *
   * @param name - of the key, if it is right: one that came from there before the guessing began passes
   */
  wait(address: string, name: string | undefined): number;
  /** It was none. */
  wrong(address: string): void;
  /** It was right. */
  right(address: string, name: string): void;
}

interface Account {
  /** How many wrong keys may come, and when that was reckoned. */
  left: number;
  at: number;
  readonly right: Set<string>;
}

/** So many addresses, and right keys of one, are remembered at most; the oldest make room. */
const most = { addresses: 10_000, right: 1_000 };

/**
 * Counts wrong keys by the address that they come from: each has a bucket that fills again with time. Of IPv6, a network of 64 bits
 * counts as one address.
 */
export function wrongKeys({ burst = 20, every = 3000, now = () => performance.now() }: WrongKeyOptions = {}): WrongKeys {
  const accounts = new Map<string, Account>();

  function accountOf(address: string): Account | undefined {
    const account = accounts.get(networkOf(address));
    if (!account) return undefined;
    const time = now();
    account.left = Math.min(burst, account.left + (time - account.at) / every);
    account.at = time;
    return account;
  }
  function opened(address: string): Account {
    const known = accountOf(address);
    if (known) return known;
    const account = { left: burst, at: now(), right: new Set<string>() };
    dropOldest(accounts, most.addresses);
    accounts.set(networkOf(address), account);
    return account;
  }

  return {
    wait(address, name) {
      const account = accountOf(address);
      if (!account || account.left >= 1 || (name !== undefined && account.right.has(name))) return 0;
      return Math.ceil((1 - account.left) * every);
    },
    wrong(address) {
      const account = opened(address);
      account.left = Math.max(0, account.left - 1);
    },
    right(address, name) {
      const { right } = accounts.get(networkOf(address)) ?? opened(address);
      if (right.has(name)) return;
      dropOldest(right, most.right);
      right.add(name);
    },
  };
}

function dropOldest(kept: Map<string, unknown> | Set<string>, most: number): void {
  if (kept.size < most) return;
  const [oldest] = kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
}

function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const first = head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - rest.length) }, () => "0");
  const groups = tail === undefined ? first : [...first, ...zeros, ...rest];
  return groups.slice(0, 4).join(":");
}
