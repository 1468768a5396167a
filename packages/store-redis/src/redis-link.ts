import { ModelError } from "@plugboard/core";
import { failure, messageOf } from "./failure.ts";
import type { RedisClient, RedisCommands } from "./redis-client.ts";
import type { Script } from "./script.ts";

/** Asks Redis, and says within a time what came of it. */
export interface RedisLink {
  /** Whether a command would be sent at once. */
  readonly isReady: boolean;
  /**
   * @throws {ModelError} `timeout` without an answer in time, `network` if Redis cannot be reached, `auth` or `permission` if it does not
   * let us, `server` if it refuses otherwise
   */
  ask<Answer>(what: string, timeout: number, command: (commands: RedisCommands) => Promise<Answer>): Promise<Answer>;
  /** Runs a script; one that the server does not know by its digest is sent whole. */
  run(script: Script, timeout: number, keys: readonly string[], words: readonly string[]): Promise<unknown>;
}

/** Where the client comes from. */
export interface ClientSource {
  /** Whether a command would be sent at once, or the first connection is yet to be made. */
  readonly isReady: boolean;
  client(): RedisClient | Promise<RedisClient>;
}

/** A link over a client. */
export function redisLink(source: ClientSource): RedisLink {
  const ask = <Answer>(
    what: string,
    timeout: number,
    command: (commands: RedisCommands) => Promise<Answer>,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const stop = new AbortController();
      const late = (): void => {
        reject(new ModelError(`Redis did not answer ${what} within ${timeout} ms.`, { code: "timeout" }));
        // What still waits for a connection is never sent: nobody would hear the answer.
        stop.abort();
      };
      // A process that was busy itself reads what has arrived meanwhile before it says that nothing has.
      let turn: NodeJS.Immediate | undefined;
      const timer = setTimeout(() => (turn = setImmediate(late)), timeout);
      const begin = async (): Promise<Answer> => {
        const client = await source.client();
        // Whatever the client maps replies to, ours are texts and numbers.
        return command(client.withCommandOptions({ abortSignal: stop.signal, typeMapping: {} }));
      };
      begin()
        .then(resolve, (error: unknown) => reject(failure(error, what)))
        .finally(() => {
          clearTimeout(timer);
          clearImmediate(turn);
        });
    });

  return {
    get isReady() {
      return source.isReady;
    },
    ask,
    run: (script, timeout, keys, words) =>
      ask(script.name, timeout, async (commands) => {
        const call = { keys: [...keys], arguments: [...words] };
        try {
          return await commands.evalSha(script.sha1, call);
        } catch (error) {
          if (!messageOf(error).startsWith("NOSCRIPT")) throw error;
          return commands.eval(script.source, call);
        }
      }),
  };
}
