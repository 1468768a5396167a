// The floor: what an application would write by hand for one wire, and nothing more.
import type { Given, Place, Subject, WireName } from "./subject.ts";
import { nowhere, question } from "./subject.ts";
import { wires } from "./wires/wires.ts";

const headers = { "content-type": "application/json", authorization: "Bearer key" };
const messages = [{ role: "user", content: question }];

interface Chunk {
  readonly choices: readonly {
    readonly delta?: { readonly content?: string };
    readonly message?: { readonly content: string };
  }[];
  readonly usage?: { readonly completion_tokens: number };
}

interface MessagesEvent {
  readonly type: string;
  readonly delta?: { readonly text?: string };
  readonly usage?: { readonly output_tokens: number };
}

interface ResponsesEvent {
  readonly type: string;
  readonly delta?: string;
  readonly response?: { readonly usage: { readonly output_tokens: number } | null };
}

type Gathered = { text: string; tokens: number };

async function post(
  wire: WireName,
  { fetch = globalThis.fetch, origin = nowhere }: Place,
  body: object,
): Promise<Response> {
  const response = await fetch(origin + wires[wire].path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response;
}

/** Reads the events of a stream; `named` where a line with their name comes first; `leave` after the first that says something. */
async function read(
  response: Response,
  take: (data: string, into: Gathered) => void,
  { named = false, leave = false } = {},
): Promise<Given & { readonly cancel: () => Promise<void> }> {
  const into: Gathered = { text: "", tokens: 0 };
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    rest += decoder.decode(read.value, { stream: true });
    let from = 0;
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n", from)) {
      const data = rest.slice((named ? rest.indexOf("\ndata: ", from) + 1 : from) + 6, end);
      from = end + 2;
      take(data, into);
    }
    rest = rest.slice(from);
    if (leave && into.text !== "") break;
  }
  return { ...into, cancel: () => reader.cancel() };
}

function takeChat(data: string, into: Gathered): void {
  if (data === "[DONE]") return;
  const chunk = JSON.parse(data) as Chunk;
  into.text += chunk.choices[0]?.delta?.content ?? "";
  if (chunk.usage) into.tokens = chunk.usage.completion_tokens;
}

function takeMessages(data: string, into: Gathered): void {
  const { type, delta, usage } = JSON.parse(data) as MessagesEvent;
  if (type === "content_block_delta") into.text += delta?.text ?? "";
  else if (usage) into.tokens = usage.output_tokens;
}

function takeResponses(data: string, into: Gathered): void {
  const { type, delta, response } = JSON.parse(data) as ResponsesEvent;
  if (type === "response.output_text.delta") into.text += delta ?? "";
  else if (response?.usage) into.tokens = response.usage.output_tokens;
}

const streamed = { model: "gpt-4o", messages, stream: true };

/** By the name that results are compared with. */
export const floorName = "raw fetch";

export const floors: readonly Subject[] = [
  {
    name: floorName,
    wire: "chat",
    generate: (place) => async () => {
      const body = JSON.parse(await (await post("chat", place, { model: "gpt-4o", messages })).text()) as Chunk;
      return { text: body.choices[0]!.message!.content, tokens: body.usage!.completion_tokens };
    },
    stream: (place) => async () =>
      read(await post("chat", place, { ...streamed, stream_options: { include_usage: true } }), takeChat),
    leave: (place) => async () => (await read(await post("chat", place, streamed), takeChat, { leave: true })).cancel(),
    open: (place) => async () => (await read(await post("chat", place, streamed), takeChat, { leave: true })).cancel,
  },
  {
    name: floorName,
    wire: "messages",
    stream: (place) => async () =>
      read(await post("messages", place, { ...streamed, max_tokens: 1000 }), takeMessages, { named: true }),
  },
  {
    name: floorName,
    wire: "responses",
    stream: (place) => async () =>
      read(await post("responses", place, { model: "gpt-4o", input: question, stream: true }), takeResponses, {
        named: true,
      }),
  },
];
