import type { SchemaCheck, Validator } from "./validator.ts";

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
  [/\/v1\/messages$/, "anthropic-messages", "messages"],
  [/\/count_tokens$/, "anthropic-messages", "count_tokens"],
  [/\/v1\/models$/, "openai-models", "models"],
  [/:((?:stream)?[gG]enerateContent)$/, "gemini"],
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

  async function look(response: Response, { schema: usual, operation }: Held, against: Validator): Promise<void> {
    const schema = instead ?? usual;
    const text = await textOf(response);
    if (!response.ok) return hold(against.errorErrors, schema, text, undefined);
    if (response.headers.get("content-type") === "application/json")
      return hold(against.responseErrors, schema, text, operation);
    for (const [, data = ""] of text.matchAll(/^data: (.*)$/gm)) {
      if (data === "[DONE]") continue;
      if (data.startsWith('{"error":')) hold(against.errorErrors, schema, data, undefined);
      else hold(against.eventErrors, schema, data, operation);
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
      const held = validator && heldAgainst(call);
      if (held) looking.push(look(response.clone(), held, validator));
      return response;
    },
  };
}

/** Anthropic has two versions, and a list of models at the path of OpenAI's that only the newer has a schema for. */
function schemaFor(usual: string, version: string | null): string {
  if (version !== null && usual === "openai-models") return "anthropic-messages";
  return version === "2023-06-01" ? `${usual}-${version}` : usual;
}

/** What came, though it may have broken off or been called off. */
async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const bytes of body ?? []) text += decoder.decode(bytes as Uint8Array, { stream: true });
  } catch {
    // What it ends with is half an event.
    return text.slice(0, text.lastIndexOf("\n\n") + 1);
  }
  return text;
}

interface Held {
  readonly schema: string;
  readonly operation: string | undefined;
}

/** What the answer of a call is held against; nothing at a path without a schema. */
function heldAgainst([input, init]: Parameters<Fetch>): Held | undefined {
  const isRequest = input instanceof Request;
  const { pathname } = new URL(isRequest ? input.url : input);
  const version = new Headers(init?.headers ?? (isRequest ? input.headers : undefined)).get("anthropic-version");
  for (const [pattern, schema, operation] of schemas) {
    const match = pattern.exec(pathname);
    if (match) return { schema: schemaFor(schema, version), operation: operation ?? match[1] };
  }
  return undefined;
}
