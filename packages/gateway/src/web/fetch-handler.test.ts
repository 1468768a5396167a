import { scripted } from "@plugboard/testing";
import { expect, test, vi } from "vitest";
import { gateway } from "../gateway.ts";
import type { LogEntry } from "../telling/log-entry.ts";

function ask(body: unknown, init: RequestInit = {}): Request {
  return new Request("https://gateway.example/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });
}
const hello = { model: "fast", messages: [{ role: "user", content: "Hello" }] };

test("answers whole and streamed, without a server", async () => {
  const log: LogEntry[] = [];
  const door = gateway({ models: { fast: scripted("Hi", ["H", "i"]) }, keys: "none", log: (entry) => void log.push(entry) });
  const whole = await door.fetch(ask(hello));
  await expect(whole.json()).resolves.toMatchObject({ choices: [{ message: { content: "Hi" } }] });
  const streamed = await door.fetch(ask({ ...hello, stream: true }));
  const text = await streamed.text();
  expect(text).toContain('"content":"H"');
  expect(text).toMatch(/data: \[DONE\]\n\n$/);
  expect(log.map(({ status, ending }) => [status, ending])).toEqual([[200, "sent"], [200, "sent"]]);
});

test("a reader that leaves closes the model, and is logged as cut", async () => {
  const model = scripted(["a", { hang: true }]);
  const log: LogEntry[] = [];
  const door = gateway({ models: { fast: model }, keys: "none", log: (entry) => void log.push(entry) });
  const { body } = await door.fetch(ask({ ...hello, stream: true }));
  const reader = body!.getReader();
  await reader.read();
  await reader.cancel();
  await vi.waitFor(() => expect(model.open).toBe(0));
  expect(log).toMatchObject([{ ending: "cut", error: "aborted" }]);
});

test("a request that is called off closes the model", async () => {
  const model = scripted({ hang: true });
  const door = gateway({ models: { fast: model }, keys: "none" });
  const leave = new AbortController();
  const asking = door.fetch(ask(hello, { signal: leave.signal }));
  await vi.waitFor(() => expect(model.open).toBe(1));
  leave.abort();
  expect((await asking).status).toBe(499);
  expect(model.open).toBe(0);
});

test("a body that is too long is not read to its end", async () => {
  const door = gateway({ models: { fast: scripted("Hi") }, keys: "none", maxBodyBytes: 1000 });
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(400));
    },
  });
  const response = await door.fetch(ask("", { body, duplex: "half" } as RequestInit));
  expect(response.status).toBe(413);
  expect(pulled).toBeLessThan(10);
});
