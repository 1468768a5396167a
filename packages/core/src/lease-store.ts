/** A right that one holder has at a time, for a while. */
export interface Lease {
  readonly key: string;
  /** Grows with each holder: what it guards refuses a lower one. */
  readonly token: number;
}

/** One live holder a key, across processes. Verbs are atomic and use the store's clock. */
export interface LeaseStore {
  /** The lease for `ttl` milliseconds, or `undefined` while another holds it. */
  acquire(key: string, ttl: number): Promise<Lease | undefined>;
  /** Whether it was still ours, and is now for `ttl` milliseconds more. */
  renew(lease: Lease, ttl: number): Promise<boolean>;
  /** Gives the lease back; one that is no longer ours is let be. */
  release(lease: Lease): Promise<void>;
  /** Resolves once the key is free, or after `timeout` milliseconds; says which. */
  wait(key: string, timeout: number, signal?: AbortSignal): Promise<"free" | "timeout">;
}
