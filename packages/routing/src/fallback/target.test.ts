import { ModelError, defineEmbeddingModel, textOf } from "@plugboard/core";
import type { EmbeddingModel, EmbeddingRequest, ModelRequest, Notice } from "@plugboard/core";
import { expect, test, vi } from "vitest";
import { failureOf, scripted } from "../scripted-model.ts";
import { fallback } from "./fallback.ts";

const message = { messages: [{ role: "user", content: "hello" }] } as const satisfies ModelRequest;

test("a model gets the request that is made for it, and the others the one that came", async () => {
  const a = scripted("a", [{ fails: "server" }]);
  const b = scripted("b", [{ fails: "server" }]);
  const c = scripted("c", ["c"]);
  const cooler = (request: ModelRequest): ModelRequest => ({ ...request, temperature: 0 });
  const model = fallback([a, { model: b, request: cooler }, c]);
  expect(model.id).toBe("fallback(a,b,c)");
  expect(textOf(await model.generate({ ...message, temperature: 1 }))).toBe("c");
  expect([a, b, c].map(({ requests }) => requests[0]?.temperature)).toEqual([1, 0, 1]);
});

test("the same model may be asked again with another request", async () => {
  const a = scripted("a", ({ messages }) => (messages.length > 1 ? [{ fails: "context-length" }] : ["a"]));
  const last = async ({ messages }: ModelRequest): Promise<ModelRequest> => ({ messages: messages.slice(-1) });
  const request = { messages: [...message.messages, ...message.messages] };
  expect(textOf(await fallback([a, { model: a, request: last }]).generate(request))).toBe("a");
});

test("what a made request leaves out of the circumstances stays as it was", async () => {
  const a = scripted("a", ["a"]);
  const notify = vi.fn<(notice: Notice) => void>();
  const admit = vi.fn<NonNullable<ModelRequest["admit"]>>(async () => {});
  const request = { ...message, notify, admit, tags: { user: "ada" }, deadline: Date.now() + 60_000 };
  const made = fallback([{ model: a, request: () => ({ messages: [{ role: "user", content: "other" }] }) }]);
  const { attempts } = await (await made.stream(request)).result();
  expect(attempts).toHaveLength(1);
  expect(admit).toHaveBeenCalledTimes(1);
  expect(a.requests[0]).toMatchObject({
    stream: true,
    tags: { user: "ada" },
    deadline: request.deadline,
    messages: [{ content: "other" }],
  });
});

test("a request that cannot be made is the application's fault", async () => {
  const b = scripted("b", ["b"]);
  const request = (): ModelRequest => {
    throw new Error("oops");
  };
  const error = await failureOf(fallback([{ model: scripted("a", ["a"]), request }, b]).generate("hello"));
  expect(error).toMatchObject({ code: "invalid-request", cause: { message: "oops" } });
  expect(b.requests).toEqual([]);
});

test("embeddings may be asked otherwise, too", async () => {
  const embedding = (id: string, call: EmbeddingModel["call"]): EmbeddingModel =>
    defineEmbeddingModel({ provider: "script", id, call });
  const down = embedding("a", () => Promise.reject(new ModelError("down", { code: "server" })));
  const up = embedding("b", ({ values }) =>
    Promise.resolve({ model: "b", embeddings: values.map(({ length }) => [length]), usage: {}, warnings: [] }),
  );
  const request = ({ values }: EmbeddingRequest): EmbeddingRequest => ({ values: values.map((text) => `${text}!`) });
  const model: EmbeddingModel = fallback([down, { model: up, request }]);
  expect((await model.embed(["x"])).embeddings).toEqual([[2]]);
});
