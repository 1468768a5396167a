import type { SchemaCheck, Validator } from "@plugboard/recordings";

type Fetch = typeof globalThis.fetch;

/** A `fetch` that looks at what it is answered with. */
export interface Validated {
  readonly fetch: Fetch;
  /**
   * Waits until all answers have been read.
   *
   * @throws {Error} for what does not fit the provider's schemas, with where it stands; and where nothing was held against any
   */
  readonly verify: () => Promise<void>;
}

/** Which schema a path is held against. */
const schemas: readonly (readonly [path: RegExp, schema: string, operation?: string])[] = [
  [/chat\/completions$/, "openai-chat"],
  [/\/responses$/, "openai-responses"],
  [/\/embeddings$/, "openai-embeddings", "embeddings"],
  [/\/v1\/messages$/, "anthropic-messages"],
  [/\/count_tokens$/, "anthropic-messages", "count_tokens"],
  [/:(?:stream)?[gG]enerateContent$/, "gemini"],
  [/:(countTokens|embedContent|batchEmbedContents)$/, "gemini"],
];

/** Holds every body and event of an answer against the schemas of the provider whose path was asked; without schemas, nothing. */
export function validated(fetch: Fetch, validator: Validator | undefined, instead?: string): Validated {
  const errors: unknown[] = [];
  const looking: Promise<void>[] = [];
  let checked = 0;

  function hold(check: SchemaCheck, schema: string, body: string, operation: string | undefined): void {
    checked++;
    for (const error of check(schema, JSON.parse(body), operation)) errors.push({ schema, ...error, body });
  }

  async function look(response: Response, path: string, against: Validator): Promise<void> {
    const found = schemas.find(([pattern]) => pattern.test(path));
    if (!found) return;
    const [pattern, usual, fixed] = found;
    const schema = instead ?? usual;
    const operation = fixed ?? pattern.exec(path)?.[1];
    const text = await response.text().catch(() => "");
    if (!response.ok) return hold(against.errorErrors, schema, text, undefined);
    if (response.headers.get("content-type") === "application/json")
      return hold(against.responseErrors, schema, text, operation);
    for (const [, data = ""] of text.matchAll(/^data: (.*)$/gm)) {
      const check = data.startsWith('{"error":') ? against.errorErrors : against.eventErrors;
      if (data !== "[DONE]") hold(check, schema, data, undefined);
    }
  }

  return {
    async verify() {
      await Promise.all(looking);
      if (errors.length > 0) throw new Error(`What was served is not as its schema says: ${JSON.stringify(errors)}`);
      if (validator && checked === 0) throw new Error("Nothing was served that a schema could be held against.");
    },
    async fetch(...call) {
      const response = await fetch(...call);
      const [input] = call;
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      if (validator) looking.push(look(response.clone(), pathname, validator));
      return response;
    },
  };
}
