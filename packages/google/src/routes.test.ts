import type { Json } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import { routeOf } from "@plugboard/wire/serve";
import { expect, test } from "vitest";
import { googleRoutes } from "./routes.ts";
import { countTokensProtocol, embedContentProtocol } from "./serve.ts";

const schemas = await validator();

test.each([
  ["/v1beta/models/gemini-3.5-flash:generateContent", "generate-content", "gemini-3.5-flash"],
  ["/v1beta/models/gemini-3.5-flash:streamGenerateContent", "generate-content", "gemini-3.5-flash"],
  ["/v1beta/tunedModels/mine:generateContent", "generate-content", "mine"],
  ["/v1/projects/p/locations/l/publishers/google/models/g:generateContent", "generate-content", "g"],
  ["/v1beta/models/g:countTokens", "generate-content-count-tokens", "g"],
  ["/v1beta/models/e:embedContent", "embed-content", "e"],
  ["/v1beta/models/e:batchEmbedContents", "batch-embed-contents", "e"],
])("%s is asked for %s", (path, name, model) => {
  const match = routeOf(googleRoutes(), path);
  expect(match?.route.protocol.name).toBe(name);
  expect(match?.named({})).toEqual({ model });
});

test("only the streaming path streams", () => {
  const streams = (method: string): unknown => {
    const match = routeOf(googleRoutes(), `/v1beta/models/g:${method}`)!;
    const body = match.named({ contents: [{ role: "user", parts: [{ text: "hi" }] }] });
    const { request } = match.route.protocol.readRequest(body);
    return "stream" in request && request.stream;
  };
  expect(streams("generateContent")).toBe(false);
  expect(streams("streamGenerateContent")).toBe(true);
});

test.each<Json>([
  { contents: [{ role: "user", parts: [{ text: "Hello" }] }] },
  { generateContentRequest: { model: "models/g", contents: [{ role: "user", parts: [{ text: "Hello" }] }] } },
])("a count is asked with contents or a whole request", (body) => {
  const protocol = countTokensProtocol();
  const asked = protocol.readRequest({ ...(body as object), model: "g" });
  const content = [{ type: "text", text: "Hello" }];
  expect(asked).toEqual({ model: "g", request: { messages: [{ role: "user", content }] } });
  const answer = protocol.writeResult({ tokens: 9, bound: "exact" }, asked);
  expect(answer).toEqual({ totalTokens: 9 });
  expect(schemas?.responseErrors("gemini", answer, "countTokens") ?? []).toEqual([]);
});

test("one text is embedded", () => {
  const protocol = embedContentProtocol();
  const asked = protocol.readRequest({
    model: "models/e",
    content: { parts: [{ text: "a " }, { text: "river" }] },
    task_type: "RETRIEVAL_QUERY",
    outputDimensionality: 3,
    title: "Rivers",
  });
  expect(asked).toEqual({
    model: "e",
    request: {
      values: ["a river"],
      purpose: "query",
      dimensions: 3,
      providerOptions: { google: { title: "Rivers" } },
    },
  });
  const result = { model: "e", embeddings: [[1, 2, 3]], usage: {}, warnings: [] };
  const answer = protocol.writeResult(result, asked);
  expect(answer).toEqual({ embedding: { values: [1, 2, 3] } });
  expect(schemas?.responseErrors("gemini", answer, "embedContent") ?? []).toEqual([]);
});

test("several texts are embedded at once, if they are asked for alike", () => {
  const protocol = embedContentProtocol({ batch: true });
  const each = (text: string, more: object = {}): Json => ({
    model: "models/e",
    content: { parts: [{ text }] },
    ...more,
  });
  const asked = protocol.readRequest({ model: "e", requests: [each("a"), each("b")] });
  expect(asked).toEqual({ model: "e", request: { values: ["a", "b"] } });
  const embeddings = [[1], [2]];
  const answer = protocol.writeResult({ model: "e", embeddings, usage: { input: 4 }, warnings: [] }, asked);
  expect(answer).toMatchObject({ embeddings: [{ values: [1] }, { values: [2] }] });
  expect(schemas?.responseErrors("gemini", answer, "batchEmbedContents") ?? []).toEqual([]);

  const refused = expect.objectContaining({ code: "invalid-request", message: expect.stringContaining("requests[1]") });
  const unlike = [each("a"), each("b", { outputDimensionality: 2 })];
  expect(() => protocol.readRequest({ model: "e", requests: unlike })).toThrow(refused);
  expect(() => protocol.readRequest({ model: "e", requests: [each("a"), { content: { parts: [{}] } }] })).toThrow(
    refused,
  );
  expect(() => protocol.readRequest({ model: "e", requests: [] })).toThrow("requests");
});

test("a purpose that Google has no name for is refused by the accepted ones", () => {
  const body = { model: "e", content: { parts: [{ text: "a" }] }, taskType: "POETRY" };
  expect(() => embedContentProtocol().readRequest(body)).toThrow(/taskType.*RETRIEVAL_QUERY/);
});
