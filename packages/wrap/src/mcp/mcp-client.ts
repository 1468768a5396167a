import type { Client } from "@modelcontextprotocol/sdk/client/index.js";

/** A tool as an MCP server lists it; more than this stands there, and may be looked at. */
export interface McpTool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: { readonly type: "object"; readonly [keyword: string]: unknown };
  /** What the server says of what it does: a hint, not to be trusted more than the server. */
  readonly annotations?:
    | {
        readonly title?: string | undefined;
        readonly readOnlyHint?: boolean | undefined;
        readonly destructiveHint?: boolean | undefined;
      }
    | undefined;
}

/** How a request to a server is made. */
export interface McpRequestOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** One page of the tools of a server. */
export interface McpToolPage {
  readonly tools: readonly McpTool[];
  readonly nextCursor?: string | undefined;
}

/** A client of version 2, of `@modelcontextprotocol/client`, as far as it is needed here. */
export interface McpClientV2 {
  /** By which it is told from one of version 1. */
  getProtocolEra(): unknown;
  /** What the server said that it can. */
  getServerCapabilities(): { readonly tools?: object | undefined } | undefined;
  /** One page of the tools. */
  listTools(params?: { cursor?: string }, options?: McpRequestOptions): Promise<McpToolPage>;
  /** Calls a tool. */
  callTool(params: { name: string; arguments?: Record<string, unknown> }, options?: McpRequestOptions): Promise<object>;
  /** Hears of changes of the list. */
  setNotificationHandler(method: "notifications/tools/list_changed", handler: () => void): void;
  /** Hears of them no more. */
  removeNotificationHandler(method: string): void;
}

/** A connected client: the `Client` of `@modelcontextprotocol/sdk`, or that of `@modelcontextprotocol/client`. */
export type McpClient =
  | Pick<
      Client,
      "getServerCapabilities" | "listTools" | "callTool" | "setNotificationHandler" | "removeNotificationHandler"
    >
  | McpClientV2;

const changed = "notifications/tools/list_changed";

/** One page of the tools of a server. */
export function listTools(
  client: McpClient,
  cursor: string | undefined,
  options: McpRequestOptions,
): Promise<McpToolPage> {
  const params = cursor === undefined ? undefined : { cursor };
  return isV2(client) ? client.listTools(params, options) : client.listTools(params, options);
}

/** Calls a tool by the server's name for it. */
export function callTool(
  client: McpClient,
  name: string,
  input: Record<string, unknown>,
  options: McpRequestOptions,
): Promise<object> {
  const params = { name, arguments: input };
  return isV2(client) ? client.callTool(params, options) : client.callTool(params, undefined, options);
}

/** Hears of it when the tools of a server change; in place of a handler that the client had for that. */
export async function onToolsChanged(client: McpClient, handler: () => void): Promise<() => void> {
  if (isV2(client)) client.setNotificationHandler(changed, handler);
  else {
    // Version 1 names a notification by its schema, which it alone has.
    const { ToolListChangedNotificationSchema } = await import("@modelcontextprotocol/sdk/types.js");
    client.setNotificationHandler(ToolListChangedNotificationSchema, handler);
  }
  return () => client.removeNotificationHandler(changed);
}

function isV2(client: McpClient): client is McpClientV2 {
  return "getProtocolEra" in client;
}
