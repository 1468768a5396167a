/** What this package asks of a client. */
export interface RedisCommands {
  /** Runs a script that the server knows by its digest. */
  evalSha(sha1: string, options: RedisScriptCall): Promise<unknown>;
  /** Runs a script, and makes it known. */
  eval(script: string, options: RedisScriptCall): Promise<unknown>;
  /** The value of a key, or `null`. */
  get(key: string): Promise<unknown>;
  /** Sets the value of a key, for so many milliseconds. */
  set(
    key: string,
    value: string,
    options: { readonly expiration: { readonly type: "PX"; readonly value: number } },
  ): Promise<unknown>;
  /** Deletes a key. */
  del(key: string): Promise<unknown>;
}

/** The keys that a script touches, all of them, and what it is told. */
export interface RedisScriptCall {
  keys: string[];
  arguments: string[];
}

/** A client of the package `redis` (or `@redis/client`): of one server, of a pool, of sentinels or of a cluster. */
export interface RedisClient {
  /** The same client, with these options for what is asked through it. */
  withCommandOptions(options: { readonly abortSignal: AbortSignal; readonly typeMapping: {} }): RedisCommands;
  /** Whether a command would be sent at once; of a client that does not say, that is taken for granted. */
  readonly isReady?: boolean;
}
