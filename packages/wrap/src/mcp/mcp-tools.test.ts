import type { RunnableTool, ToolResultPart } from "@plugboard/core";
import { Client as Client2, InMemoryTransport as Transport2 } from "@modelcontextprotocol/client";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport as Transport1 } from "@modelcontextprotocol/sdk/inMemory.js";
import { Server as LowServer } from "@modelcontextprotocol/sdk/server/index.js";
import { McpServer as Server1 } from "@modelcontextprotocol/sdk/server/mcp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { McpServer as Server2 } from "@modelcontextprotocol/server";
import { runTools } from "@plugboard/core";
import { scripted } from "@plugboard/testing";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { McpClient } from "./mcp-client.ts";
import { mcpTools } from "./mcp-tools.ts";

const identity = { name: "test", version: "1.0.0" };

/** A server in this process, and a client that is connected to it, of both versions of the SDK. */
const versions = {
  "@modelcontextprotocol/sdk": async (server: Server1): Promise<McpClient> => {
    const [ours, theirs] = Transport1.createLinkedPair();
    const client = new Client1(identity);
    await Promise.all([server.connect(theirs), client.connect(ours)]);
    return client;
  },
  "@modelcontextprotocol/client": async (server: Server1): Promise<McpClient> => {
    const [ours, theirs] = Transport2.createLinkedPair();
    const client = new Client2(identity);
    await Promise.all([server.connect(theirs), client.connect(ours)]);
    return client;
  },
};
const servers: Readonly<Record<keyof typeof versions, () => Server1>> = {
  "@modelcontextprotocol/sdk": () => new Server1(identity),
  // The same methods, of other types.
  "@modelcontextprotocol/client": () => new Server2(identity) as unknown as Server1,
};

/** What a model is told of a call of a tool. */
async function resultOf(tools: readonly RunnableTool[], name: string, input = {}): Promise<ToolResultPart> {
  const model = scripted({ toolCall: { name, input, id: "c1" } }, "done");
  await (await runTools(model, { messages: [{ role: "user", content: "Go" }], tools })).result();
  const { content } = model.requests[1]!.messages.at(-1)!;
  return content[0] as ToolResultPart;
}

describe.each(Object.keys(versions) as (keyof typeof versions)[])("over %s", (version) => {
  test("tools of a server are told to a model, run, and answered", async () => {
    const server = servers[version]();
    server.registerTool(
      "add",
      { description: "Adds", inputSchema: z.object({ a: z.number(), b: z.number() }) },
      ({ a, b }) => ({
        content: [{ type: "text", text: String(a + b) }],
      }),
    );
    const { tools } = await mcpTools(await versions[version](server));
    const model = scripted({ toolCall: { name: "add", input: { a: 2, b: 3 } } }, "Five.");
    const reply = await runTools(model, { messages: [{ role: "user", content: "2 + 3?" }], tools });

    expect(await reply.text()).toBe("Five.");
    expect(model.requests[0]!.tools).toMatchObject([
      {
        type: "function",
        name: "add",
        description: "Adds",
        input: { type: "object", properties: { a: { type: "number" } }, required: ["a", "b"] },
      },
    ]);
    expect(model.requests[0]!.tools![0]).not.toHaveProperty("input.$schema");
    expect(model.requests[1]!.messages.at(-1)).toMatchObject({
      role: "tool",
      content: [{ type: "tool-result", name: "add", output: "5" }],
    });
  });

  test("results keep text, images, resources and what is structured, which is not told twice", async () => {
    const server = servers[version]();
    server.registerTool("mixed", {}, () => ({
      content: [
        { type: "text", text: "See:" },
        { type: "image", data: "AQID", mimeType: "image/png" },
        { type: "audio", data: "AQID", mimeType: "audio/wav" },
        { type: "resource", resource: { uri: "file:///a/b.txt", text: "words" } },
        { type: "resource", resource: { uri: "file:///a/c.pdf", blob: "AQID", mimeType: "application/pdf" } },
        { type: "resource_link", uri: "file:///d", name: "d" },
      ],
    }));
    const outputSchema = z.object({ degrees: z.number(), city: z.string() });
    server.registerTool("structured", { outputSchema }, () => ({
      content: [{ type: "text", text: '{ "city": "Bern", "degrees": 21 }' }],
      structuredContent: { degrees: 21, city: "Bern" },
    }));
    server.registerTool("empty", {}, () => ({ content: [] }));
    const { tools } = await mcpTools(await versions[version](server));
    const data = Uint8Array.of(1, 2, 3);

    expect((await resultOf(tools, "mixed")).output).toEqual([
      { type: "text", text: "See:" },
      { type: "file", mediaType: "image/png", data },
      { type: "file", mediaType: "audio/wav", data },
      { type: "text", text: "words" },
      { type: "file", mediaType: "application/pdf", data, filename: "c.pdf" },
      { type: "json", value: { type: "resource_link", uri: "file:///d", name: "d" } },
    ]);
    expect((await resultOf(tools, "structured")).output).toEqual([
      { type: "json", value: { degrees: 21, city: "Bern" } },
    ]);
    expect((await resultOf(tools, "empty")).output).toBe("");
  });

  test("a failure is told to the model as one, and so are arguments that the server refuses", async () => {
    const server = servers[version]();
    server.registerTool("fails", {}, () => ({ isError: true, content: [{ type: "text", text: "No such file." }] }));
    server.registerTool("add", { inputSchema: z.object({ a: z.number() }) }, () => ({ content: [] }));
    const { tools } = await mcpTools(await versions[version](server));

    expect(await resultOf(tools, "fails")).toMatchObject({ isError: true, output: "No such file." });
    expect(await resultOf(tools, "add", { a: "x" })).toMatchObject({ isError: true });
  });

  test("changes are followed until it is closed, and a tool keeps its name", async () => {
    const server = servers[version]();
    const tell = (): { content: { type: "text"; text: string }[] } => ({ content: [{ type: "text", text: "ok" }] });
    server.registerTool("a.b", {}, tell);
    const changes: string[][] = [];
    const list = await mcpTools(await versions[version](server), {
      onChange: (tools) => void changes.push(tools.map(({ name }) => name)),
    });
    const before = list.tools;
    server.registerTool("a_b", {}, tell);
    await vi.waitFor(() => expect(changes).toEqual([["a_b", "a_b_2"]]));

    expect(before.map(({ name }) => name)).toEqual(["a_b"]);
    expect(await resultOf(list.tools, "a_b_2")).toMatchObject({ output: "ok" });
    list.close();
    server.registerTool("c", {}, tell);
    await list.refresh();
    expect(changes).toHaveLength(1);
    expect(list.tools).toHaveLength(3);
  });

  test("a call is called off with the reply, and gives up in time", async () => {
    const server = servers[version]();
    const signals: AbortSignal[] = [];
    server.registerTool("slow", {}, (extra: unknown) => {
      const { signal, mcpReq } = extra as { signal?: AbortSignal; mcpReq?: { signal: AbortSignal } };
      signals.push((signal ?? mcpReq?.signal)!);
      return new Promise(() => {});
    });
    const client = await versions[version](server);
    const { tools } = await mcpTools(client);
    const controller = new AbortController();
    const model = scripted({ toolCall: { name: "slow", input: {} } }, "done");
    const reply = await runTools(model, {
      messages: [{ role: "user", content: "Go" }],
      tools,
      signal: controller.signal,
    });
    const result = reply.result();
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    controller.abort();
    await expect(result).rejects.toMatchObject({ code: "aborted" });
    await vi.waitFor(() => expect(signals[0]!.aborted).toBe(true));

    const quick = await mcpTools(client, { timeout: 20, follow: false });
    const late = await resultOf(quick.tools, "slow");
    expect(late).toMatchObject({ isError: true });
    expect(late.output).toMatch(/timed out/i);
  });
});

describe("several servers", () => {
  async function offering(...names: readonly string[]): Promise<McpClient> {
    const server = new Server1(identity);
    for (const name of names)
      server.registerTool(name, { annotations: { readOnlyHint: name === "read" } }, () => ({
        content: [{ type: "text", text: name }],
      }));
    return versions["@modelcontextprotocol/sdk"](server);
  }

  test("have their names before those of their tools, which are legal and each their own", async () => {
    const long = "x".repeat(80);
    const { tools } = await mcpTools({
      files: await offering("read", "write"),
      "my server": await offering("read", "wetter.heute", long),
    });

    expect(tools.map(({ name }) => name)).toEqual([
      "files_read",
      "files_write",
      "my_server_read",
      "my_server_wetter_heute",
      `my_server_${"x".repeat(54)}`,
    ]);
    expect((await resultOf(tools, "my_server_wetter_heute")).output).toBe("wetter.heute");
  });

  test("offer what is selected, and ask for what must be approved", async () => {
    const { tools } = await mcpTools(
      { files: await offering("read", "write", "delete") },
      {
        select: ({ tool }) => tool.name !== "delete",
        needsApproval: ({ tool }) => tool.annotations?.readOnlyHint !== true,
      },
    );
    expect(tools.map((tool) => [tool.name, tool.needsApproval({})])).toEqual([
      ["files_read", false],
      ["files_write", true],
    ]);
  });

  test("that offer no tools at all are none", async () => {
    const server = new LowServer(identity, { capabilities: { prompts: {} } });
    const [ours, theirs] = Transport1.createLinkedPair();
    const client = new Client1(identity);
    await Promise.all([server.connect(theirs), client.connect(ours)]);
    expect((await mcpTools({ none: client, files: await offering("read") })).tools).toHaveLength(1);
  });
});

describe("a long list", () => {
  async function paged(cursorAfter: (cursor: string | undefined) => string | undefined): Promise<McpClient> {
    const server = new LowServer(identity, { capabilities: { tools: { listChanged: true } } });
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
      const nextCursor = cursorAfter(params?.cursor);
      const tool = { name: `t${params?.cursor ?? "0"}`, inputSchema: { type: "object" as const } };
      return { tools: [tool], ...(nextCursor !== undefined && { nextCursor }) };
    });
    server.setRequestHandler(CallToolRequestSchema, () => ({ content: [] }));
    const [ours, theirs] = Transport1.createLinkedPair();
    const client = new Client1(identity);
    await Promise.all([server.connect(theirs), client.connect(ours)]);
    return client;
  }

  test("is read page by page", async () => {
    const { tools } = await mcpTools(
      await paged((cursor = "0") => (cursor === "2" ? undefined : String(Number(cursor) + 1))),
    );
    expect(tools.map(({ name }) => name)).toEqual(["t0", "t1", "t2"]);
  });

  test("that goes on for ever is not", async () => {
    await expect(mcpTools(await paged(() => "1"))).rejects.toMatchObject({ code: "parse" });
  });

  test("that fails keeps the tools that there were, and says so", async () => {
    let broken = false;
    const client = await paged(() => {
      if (broken) throw new Error("No list today.");
      return undefined;
    });
    const list = await mcpTools({ files: client });
    broken = true;
    await expect(list.refresh()).rejects.toThrow(/"files" could not be listed: .*No list today/);
    expect(list.tools).toHaveLength(1);
  });
});
