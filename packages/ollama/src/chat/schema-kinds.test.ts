import { fitsSchema, schemaKinds } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { encode } from "./encode.ts";

// Ollama makes a grammar of whatever schema it is given (https://docs.ollama.com/capabilities/structured-outputs): nothing is changed, and
// nothing is left out.
test.each(Object.entries(schemaKinds))("a schema with %s goes as it is", (_, { schema, fits }) => {
  const { body, warnings } = encode("m", { messages: [{ role: "user", content: "?" }], output: { schema } });
  expect(body["format"]).toEqual(schema);
  expect(warnings).toEqual([]);
  for (const value of fits) expect(fitsSchema(schema, value)).toBe(true);
});
