import { validator } from "@plugboard/recordings";
import { routeOf } from "@plugboard/wire/serve";
import { expect, test } from "vitest";
import { anthropicRoutes } from "./routes.ts";
import { countTokensProtocol } from "./serve.ts";

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
