import type { IncomingMessage } from "node:http";

/**
 * The address of a client: of the connection, or the one that the outermost of so many trusted proxies saw. What stands before that in
 * `x-forwarded-for` was written by the client.
 */
export function remoteOf({ socket, headers }: Pick<IncomingMessage, "socket" | "headers">, proxies: number): string {
  const direct = socket.remoteAddress ?? "";
  if (proxies === 0) return direct;
  const forwarded = headers["x-forwarded-for"];
  const list = (typeof forwarded === "string" ? forwarded : "").split(",").map((one) => one.trim());
  return list.at(-proxies) || direct;
}
