import type { Json, ModelError } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import { routeOf } from "@plugboard/wire/serve";
import { expect, test } from "vitest";
import { anthropicRoutes } from "./routes.ts";
import { countTokensProtocol, messagesProtocol } from "./serve.ts";

const schemas = await validator();

test("messages are asked for, and their count", () => {
  const nameOf = (path: string): string | undefined => routeOf(anthropicRoutes(), path)?.route.protocol.name;
  expect(nameOf("/v1/messages")).toBe("messages");
  expect(nameOf("/proxy/v1/messages")).toBe("messages");
  expect(nameOf("/v1/messages/count_tokens")).toBe("messages-count-tokens");
  expect(nameOf("/v1/messages/batches")).toBeUndefined();
});

test("a count is asked without a limit, and answered in Anthropic's form", () => {
  const protocol = countTokensProtocol();
  const body = { model: "claude", system: "Be brief.", messages: [{ role: "user", content: "Hello" }] };
  const asked = protocol.readRequest(body);
  expect(asked).toEqual({
    model: "claude",
    request: {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hello" },
      ],
    },
  });
  const answer = protocol.writeResult({ tokens: 9, bound: "exact" }, asked);
  expect(answer).toMatchObject({ input_tokens: 9 });
  for (const schema of ["anthropic-messages", "anthropic-messages-2023-06-01"])
    expect(schemas?.responseErrors(schema, answer, "count_tokens") ?? []).toEqual([]);
  expect(() => protocol.readRequest({ model: "claude" })).toThrow(expect.objectContaining({ code: "invalid-request" }));
});

test("a thread that begins is answered like any other request, and one that goes on is not found, as clients know it", () => {
  const protocol = messagesProtocol();
  const readRequest = (body: Json): unknown => protocol.readRequest(body);
  const body = { model: "claude", max_tokens: 9, messages: [{ role: "user", content: "Hello" }] };
  expect(readRequest({ ...body, thread: { type: "create" } })).toEqual(readRequest(body));
  expect(readRequest({ ...body, thread: null })).toEqual(readRequest(body));

  const goingOn = { ...body, thread: { type: "continue", previous_message_id: "msg_1" } };
  let refused: unknown;
  try {
    readRequest(goingOn);
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({ code: "not-found" });
  const { status, body: answer } = protocol.writeError(refused as ModelError);
  expect(status).toBe(404);
  // @anthropic-ai/sdk 1.13, `lib/internal/threads/ThreadState.ts`: the client sends the whole conversation again at this code.
  expect(answer).toMatchObject({ type: "error", error: { details: { error_code: "thread_not_found" } } });
  expect(schemas?.errorErrors("anthropic-messages", answer) ?? []).toEqual([]);
});
