// The floor: what an application would write by hand for this one wire, and nothing more.
import type { Subject } from "./subject.ts";

const url = "https://api.openai.com/v1/chat/completions";
const headers = { "content-type": "application/json", authorization: "Bearer key" };
const messages = [{ role: "user", content: "Tell me of the fox." }];

interface Chunk {
  readonly choices: readonly {
    readonly delta?: { readonly content?: string };
    readonly message?: { readonly content: string };
  }[];
  readonly usage?: { readonly completion_tokens: number };
}

export const floor: Subject = {
  name: "raw fetch",
  generate: (fetch) => async () => {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ model: "gpt-4o", messages }) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const body = JSON.parse(await response.text()) as Chunk;
    return { text: body.choices[0]!.message!.content, tokens: body.usage!.completion_tokens };
  },
  stream: (fetch) => async () => {
    const body = JSON.stringify({ model: "gpt-4o", messages, stream: true, stream_options: { include_usage: true } });
    const response = await fetch(url, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const reader = response.body!.getReader();
    const decoder = new TextDecoder();
    let [rest, text, tokens] = ["", "", 0];
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      rest += decoder.decode(read.value, { stream: true });
      let from = 0;
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n", from)) {
        const data = rest.slice(from + 6, end);
        from = end + 2;
        if (data === "[DONE]") continue;
        const chunk = JSON.parse(data) as Chunk;
        text += chunk.choices[0]?.delta?.content ?? "";
        if (chunk.usage) tokens = chunk.usage.completion_tokens;
      }
      rest = rest.slice(from);
    }
    return { text, tokens };
  },
};
