import { routeOf } from "@plugboard/wire/serve";
import { expect, test } from "vitest";
import { mistralRoutes, openaiRoutes } from "./routes.ts";

const azure = "/openai/deployments/my-model";

test.each([
  ["/v1/chat/completions", "chat-completions", undefined],
  ["/chat/completions", "chat-completions", undefined],
  ["/v1/completions", "completions", undefined],
  ["/v1/responses", "responses", undefined],
  ["/v1/responses/input_tokens", "responses-input-tokens", undefined],
  ["/v1/embeddings", "embeddings", undefined],
  ["/openai/v1/responses", "responses", undefined],
  [`${azure}/chat/completions`, "chat-completions", "my-model"],
  [`${azure}/completions`, "completions", "my-model"],
  [`${azure}/embeddings`, "embeddings", "my-model"],
  [`/gateway${azure}/chat/completions`, "chat-completions", "my-model"],
])("%s is asked for %s", (path, name, model) => {
  const match = routeOf(openaiRoutes(), path);
  expect(match?.route.protocol.name).toBe(name);
  expect(match?.named({})).toEqual(model === undefined ? {} : { model });
});

test.each(["/v1/models", "/v1/chat/completions/1", "/v1/fim/completions", "/v1/agents/completions", "/responses/1"])(
  "%s is not served",
  (path) => {
    expect(routeOf(openaiRoutes(), path)).toBeUndefined();
  },
);

test("Mistral's own members are kept for Mistral", () => {
  const match = routeOf(mistralRoutes(), "/v1/fim/completions");
  expect(match?.route.protocol.name).toBe("fim-completions");
  expect(match?.route.protocol.readBy).toEqual(["mistral"]);
  const body = { model: "codestral-latest", prompt: "a", suffix: "b", random_seed: 7, min_tokens: 3 };
  expect(match?.route.protocol.readRequest(body)).toMatchObject({
    request: { suffix: "b", seed: 7, providerOptions: { mistral: { min_tokens: 3 } } },
  });
  const chat = routeOf(mistralRoutes(), "/v1/chat/completions")!.route.protocol;
  const messages = [{ role: "user", content: "hi" }];
  expect(chat.readRequest({ model: "m", messages, tool_choice: "any" })).toMatchObject({
    request: { toolChoice: "required" },
  });
  expect(chat.readRequest({ model: "m", messages }).request).not.toHaveProperty("providerOptions");
});

test("Mistral's streams tell their usage unasked", () => {
  const [chat] = mistralRoutes();
  if (chat?.kind !== "chat") throw new Error("no chat");
  const writer = chat.protocol.writer(
    chat.protocol.readRequest({ model: "m", messages: [{ role: "user", content: "" }] }),
  );
  writer.write({ type: "start", model: "m" });
  expect(writer.write({ type: "finish", finishReason: "stop", usage: { input: 3, output: 5 } })).toContain(
    '"prompt_tokens":3,"completion_tokens":5,"total_tokens":8',
  );
});
