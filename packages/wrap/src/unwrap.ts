import { takeOut } from "./inserted.ts";

/**
 * Undoes `wrap`: the client asks its provider itself again. One that is not wrapped stays as it is.
 *
 * @returns the same client
 * @throws {ModelError} `invalid-request` for what is no client that is known
 * @example
 * unwrap(client);
 */
export function unwrap<Client extends object>(client: Client): Client {
  takeOut(client);
  return client;
}
