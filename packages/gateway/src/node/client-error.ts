import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

const kinds: Readonly<Record<string, readonly [status: string, why: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "timeout"],
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "headers"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ["413 Payload Too Large", "body"],
};

/** Answers what is no request that could be handled, and closes its connection. Returns why, for the metrics. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Duplex): string {
  const [status, why] = kinds[error.code ?? ""] ?? ["400 Bad Request", "malformed"];
  // In the midst of an answer, nothing could be said.
  const { _httpMessage: message } = socket as Duplex & { readonly _httpMessage?: ServerResponse | null };
  if (socket.writable && !message?.headersSent) {
    const body = JSON.stringify({ error: { message: status, type: "invalid_request_error", param: null, code: null } });
    const head = `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close`;
    socket.end(`HTTP/1.1 ${status}\r\n${head}\r\n\r\n${body}`, () => socket.destroy());
  } else socket.destroy();
  return why;
}

/** Answers a request that is not looked at, and closes its connection. */
export function refuseUnread(response: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ error: { message, type: "server_error", param: null, code: null } });
  const headers = { "content-type": "application/json", "content-length": body.length, connection: "close" };
  response.writeHead(status, status === 503 ? { ...headers, "retry-after": "1" } : headers).end(body);
}
