import type { JsonSchema, RunnableTool, StandardSchema } from "@plugboard/core";
import type { LegalNames } from "@plugboard/wire";
import type { McpClient, McpTool } from "./mcp-client.ts";
import { ModelError, defineTool } from "@plugboard/core";
import { legalNames } from "@plugboard/wire";
import { callTool, listTools, onToolsChanged } from "./mcp-client.ts";
import { readToolResult } from "./tool-result.ts";

/** A tool of a server, and which server's it is. */
export interface ServerTool {
  /** The name of the server among several; empty for one alone. */
  readonly server: string;
  readonly tool: McpTool;
}

/** How tools of MCP servers are taken. */
export interface McpToolsOptions {
  /** Milliseconds that a call or a page of the list may take. @default 60_000 */
  readonly timeout?: number;
  /** Which tools to take. @default all */
  readonly select?: (tool: ServerTool) => boolean;
  /**
   * Whether a call must be approved, as `needsApproval` of `defineTool` says it. What a server says of its tools is a hint: trust it as
   * far as the server. @default `approve` of `runTools` is asked where it is given
   */
  readonly needsApproval?: (tool: ServerTool) => boolean | undefined;
  /** Whether to follow changes of the lists that servers tell of, in place of the clients' handlers for that. @default true */
  readonly follow?: boolean;
  /** Told of the tools after a change. */
  readonly onChange?: (tools: readonly RunnableTool[]) => void;
  /** Told of a list that could not be read again after a change; the tools stay as they were. */
  readonly onFault?: (error: ModelError) => void;
}

/** Tools of MCP servers, as they stand. */
export interface McpTools {
  /** For `tools` of a request or of `runTools`; a new list after each change. */
  readonly tools: readonly RunnableTool[];
  /**
   * Reads the lists again.
   *
   * @throws {ModelError} where one of them cannot be read; the tools stay as they were
   */
  refresh(): Promise<void>;
  /** Follows no more changes. The clients stay connected. */
  close(): void;
}

/**
 * The tools of MCP servers as our tools: told to any model, run by `runTools`.
 *
 * Names are made such as every provider takes: letters, digits, `_` and `-`, 64 at most. Tools of several servers have the server's name
 * before theirs, `files_read`, so that a name does not change with what other servers offer. Results keep text, images, audio, embedded
 * resources and what is structured; what a server marks as a failure is told to the model as one, by its text. Calls are called off with
 * the reply.
 *
 * @throws {ModelError} where a list cannot be read, or goes on for ever
 * @example
 * const client = new Client({ name: "app", version: "1.0.0" });
 * await client.connect(new StdioClientTransport({ command: "my-server" }));
 * const { tools } = await mcpTools(client);
 * const reply = await runTools(model, { messages, tools });
 */
export async function mcpTools(
  clients: McpClient | Readonly<Record<string, McpClient>>,
  options: McpToolsOptions = {},
): Promise<McpTools> {
  const list = new ToolList(isClient(clients) ? [["", clients]] : Object.entries(clients), options);
  await list.refresh();
  if (options.follow ?? true) await list.follow();
  return list;
}

/** Pages after which a list is taken for one that goes on for ever. */
const mostPages = 1000;
const longestName = 64;

class ToolList implements McpTools {
  readonly #servers: readonly (readonly [server: string, client: McpClient])[];
  readonly #options: McpToolsOptions;
  /** Kept over changes, so that a tool keeps its name. */
  readonly #names: LegalNames = legalNames([], { legal, longest: longestName });
  #tools: readonly RunnableTool[] = [];
  #reading: Promise<void> | undefined;
  #again = false;
  #unfollow: (() => void)[] = [];

  constructor(servers: readonly (readonly [string, McpClient])[], options: McpToolsOptions) {
    this.#servers = servers;
    this.#options = options;
  }

  get tools(): readonly RunnableTool[] {
    return this.#tools;
  }

  refresh(): Promise<void> {
    // What changes while the lists are read is read once more, after that.
    if (this.#reading) this.#again = true;
    return (this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    }));
  }

  async follow(): Promise<void> {
    const onChange = (): void => {
      this.refresh().then(
        () => this.#options.onChange?.(this.#tools),
        (error: unknown) => this.#options.onFault?.(ModelError.from(error)),
      );
    };
    for (const [, client] of this.#servers) this.#unfollow.push(await onToolsChanged(client, onChange));
  }

  close(): void {
    for (const stop of this.#unfollow) stop();
    this.#unfollow = [];
  }

  async #read(): Promise<void> {
    do {
      this.#again = false;
      const lists = await Promise.all(this.#servers.map(([server, client]) => this.#listOf(server, client)));
      this.#tools = lists.flat();
    } while (this.#again);
  }

  async #listOf(server: string, client: McpClient): Promise<RunnableTool[]> {
    const { select = () => true, timeout = 60_000 } = this.#options;
    if (client.getServerCapabilities()?.tools === undefined) return [];
    const tools: RunnableTool[] = [];
    let cursor: string | undefined;
    try {
      for (let page = 0; page < mostPages; page++) {
        const { tools: some, nextCursor } = await listTools(client, cursor, { timeout });
        for (const tool of some) if (select({ server, tool })) tools.push(this.#toolOf({ server, tool }, client));
        if (nextCursor === undefined || nextCursor === "") return tools;
        cursor = nextCursor;
      }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ModelError(`The tools of ${nameOf(server)} could not be listed: ${why}`, { code: "unknown", cause });
    }
    throw new ModelError(`The list of tools of ${nameOf(server)} has more than ${mostPages} pages.`, { code: "parse" });
  }

  #toolOf(owned: ServerTool, client: McpClient): RunnableTool {
    const { server, tool } = owned;
    const { timeout = 60_000, needsApproval } = this.#options;
    const needed = needsApproval?.(owned);
    const description = tool.description ?? tool.title ?? tool.annotations?.title;
    // As data that `JSON` can hold, which the wire has made of it.
    const jsonSchema = tool.inputSchema as JsonSchema;
    return defineTool({
      name: this.#names.toWire(server === "" ? tool.name : `${server}_${tool.name}`),
      ...(description !== undefined && { description }),
      input: { schema: anyObject, jsonSchema },
      ...(needed !== undefined && { needsApproval: needed }),
      execute: async (input, { signal }) =>
        readToolResult(await callTool(client, tool.name, input, { signal, timeout })),
    }) as RunnableTool;
  }
}

/** The server checks the arguments against its schema; here they need only be an object. */
const anyObject: StandardSchema<Record<string, unknown>> = {
  "~standard": {
    version: 1,
    vendor: "plugboard",
    validate: (value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? { value: value as Record<string, unknown> }
        : { issues: [{ message: "The arguments must be an object." }] },
  },
};

function legal(name: string): string {
  const spelled = name.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, longestName);
  return spelled === "" ? "tool" : spelled;
}

function nameOf(server: string): string {
  return server === "" ? "the MCP server" : `the MCP server "${server}"`;
}

function isClient(clients: McpClient | Readonly<Record<string, McpClient>>): clients is McpClient {
  return typeof clients.listTools === "function";
}
