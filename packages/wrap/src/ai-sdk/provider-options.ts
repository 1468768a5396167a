import type { Json, JsonObject, ProviderData, Reasoning } from "@plugboard/core";
import type { SharedV4ProviderOptions } from "@ai-sdk/provider";
import { countOf, objectOf, stringOf } from "@plugboard/wire";
import { ours } from "./metadata.ts";
import type { Warn } from "./metadata.ts";

/** Options of a call in our words. */
export interface ReadProviderOptions {
  readonly providerOptions?: ProviderData;
  /** Said there, as each of their providers has a word for it. */
  readonly reasoning?: Reasoning;
  /** What stands under `plugboard`. */
  readonly kept: JsonObject;
}

/** Providers whose wire spells its fields as the AI SDK does; the others' have underscores. */
const camelCased: ReadonlySet<string> = new Set([
  "google",
  "vertex",
  "googleVertex",
  "bedrock",
  "amazonBedrock",
  "ollama",
  ours,
]);

/** What steers a package of the AI SDK, and is not sent. */
const switches: ReadonlySet<string> = new Set([
  "strictJsonSchema",
  "structuredOutputs",
  "structuredOutputMode",
  "sendReasoning",
  "systemMessageMode",
  "forceReasoning",
  "toolStreaming",
]);

const levels: ReadonlyMap<string, Reasoning> = new Map<string, Reasoning>([
  ["none", "none"],
  ["minimal", "minimal"],
  ["low", "low"],
  ["medium", "medium"],
  ["high", "high"],
  ["xhigh", "max"],
  ["max", "max"],
]);

/** How much to think, in our words; `undefined` for a level that we do not know. */
export function readEffort(level: Json | undefined): Reasoning | undefined {
  return typeof level === "string" ? levels.get(level) : undefined;
}

/**
 * Options as the AI SDK writes them, as the wire spells them: `serviceTier` is `service_tier` at OpenAI. How much to think becomes our
 * `reasoning`; what only steers a package of the AI SDK is left out, and told.
 */
export function readProviderOptions(options: SharedV4ProviderOptions | undefined, warn: Warn): ReadProviderOptions {
  const providerOptions: Record<string, JsonObject> = {};
  let reasoning: Reasoning | undefined;
  let kept: JsonObject = {};
  for (const [provider, members] of Object.entries(options ?? {})) {
    if (provider === ours) {
      kept = members;
      continue;
    }
    const rest: Record<string, Json> = {};
    for (const [name, value] of Object.entries(members)) {
      if (value === undefined) continue;
      const effort = effortOf(name, value);
      const path = `providerOptions.${provider}.${name}`;
      if (effort !== undefined) reasoning = effort;
      else if (switches.has(name)) {
        warn({ code: "dropped", path, message: `\`${name}\` steers a package of the AI SDK, which is not used here.` });
      } else rest[name] = value;
    }
    if (Object.keys(rest).length > 0) providerOptions[provider] = underscored(provider, rest);
  }
  return {
    ...(Object.keys(providerOptions).length > 0 && { providerOptions }),
    ...(reasoning !== undefined && { reasoning }),
    kept,
  };
}

/** Our options as the AI SDK writes them. */
export function writeProviderOptions(data: ProviderData | undefined): SharedV4ProviderOptions {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([provider, members]) => [
      provider,
      camelCased.has(provider)
        ? members
        : renamed(members, (name) =>
            name.replaceAll(/(?<=[a-z0-9])_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
          ),
    ]),
  );
}

/** Members of a provider's own with underscores, where its wire has them. */
export function underscored(provider: string, members: JsonObject): JsonObject {
  if (camelCased.has(provider)) return members;
  return renamed(members, (name) => name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

function effortOf(name: string, value: Json): Reasoning | undefined {
  if (name === "reasoningEffort" || name === "effort") return readEffort(value);
  if (name !== "thinking") return undefined;
  const thinking = objectOf(value);
  const budgetTokens = countOf(thinking?.["budgetTokens"]);
  if (stringOf(thinking?.["type"]) === "disabled") return "none";
  return budgetTokens === undefined ? undefined : { budgetTokens };
}

function renamed(members: JsonObject, rename: (name: string) => string): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [rename(name), value]));
}
