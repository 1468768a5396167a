import type { Json } from "@plugboard/core";

/** Lists of models are asked for at the same path by clients of all kinds. */
const listPath = /^(?:\/openai)?(?:\/v1|\/v1beta)\/models(?:\/([\w.:@+%-]+))?$/;

/** The list of models in the words of the client that asks, or one of them; `undefined` for a path that is another. */
export function modelsAt(
  path: string,
  header: (name: string) => string | undefined,
): ((names: readonly string[]) => Json | undefined) | undefined {
  const match = listPath.exec(path);
  if (!match) return undefined;
  const wanted = match[1]?.replaceAll(/%2f/gi, "/").replaceAll(/%3a/gi, ":");
  const form = path.startsWith("/v1beta") ? gemini : header("anthropic-version") === undefined ? openai : anthropic;
  return (names) => {
    if (wanted === undefined) return form.list(names);
    return names.includes(wanted) ? form.one(wanted) : undefined;
  };
}

interface Form {
  one(name: string): Json;
  list(names: readonly string[]): Json;
}

const openai: Form = {
  one: (name) => ({ id: name, object: "model", created: 0, owned_by: "plugboard" }),
  list: (names) => ({ object: "list", data: names.map((name) => openai.one(name)) }),
};

const anthropic: Form = {
  one: (name) => ({
    type: "model",
    id: name,
    display_name: name,
    created_at: "1970-01-01T00:00:00Z",
    capabilities: null,
    lifecycle: "active",
    line: null,
    deprecated_at: null,
    retires_at: null,
    max_input_tokens: null,
    max_tokens: null,
  }),
  list: (names) => ({
    data: names.map((name) => anthropic.one(name)),
    has_more: false,
    first_id: names[0] ?? null,
    last_id: names.at(-1) ?? null,
  }),
};

const gemini: Form = {
  one: (name) => ({
    name: `models/${name}`,
    displayName: name,
    supportedGenerationMethods: ["generateContent", "countTokens"],
  }),
  list: (names) => ({ models: names.map((name) => gemini.one(name)) }),
};
