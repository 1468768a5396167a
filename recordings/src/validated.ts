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

  async function look(response: Response, { pathname, version }: Asked, against: Validator): Promise<void> {
    const found = schemas.find(([pattern]) => pattern.test(pathname));
    if (!found) return;
    const [pattern, usual, fixed] = found;
    const schema = instead ?? (version === "2023-06-01" ? `${usual}-${version}` : usual);
    const operation = fixed ?? pattern.exec(pathname)?.[1];
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
      if (validator) looking.push(look(response.clone(), askedBy(call), validator));
      return response;
    },
  };
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

interface Asked {
  readonly pathname: string;
  /** Of Anthropic's API. */
  readonly version: string | null;
}

function askedBy([input, init]: Parameters<Fetch>): Asked {
  const request = input instanceof Request ? input : undefined;
  const headers = new Headers(init?.headers ?? request?.headers);
  return { pathname: new URL(request?.url ?? String(input)).pathname, version: headers.get("anthropic-version") };
}
