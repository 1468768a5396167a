/** Where files of conversations are kept once each, by the SHA-256 of their bytes in hexadecimal. */
export interface FileStore {
  /** @returns `undefined` for one that is not there */
  get(sha256: string): Promise<Uint8Array | undefined>;
  /** Keeps a file; one that is there already is left as it is. */
  put(sha256: string, bytes: Uint8Array): Promise<void>;
}
