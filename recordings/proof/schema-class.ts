import { ModelError } from "@plugboard/core";
import type { Json, Message, RequestPlan } from "@plugboard/core";
import type { Adapter } from "./adapters.ts";
import type { SchemaFeature } from "./schema-features.ts";

const messages: readonly Message[] = [{ role: "user", content: "Go." }];

/**
 * How a provider is told what JSON must look like: `native`, it holds the model to it; `loose`, it is given the schema but not held to
 * it, or to a part of it; `narrowed`, it holds the model to less than fits; `described`, to all but some keywords, which stand in
 * descriptions; `tool`, by a tool whose input is the answer; `words`, by an instruction; `refused`, not at all. All but `native` and
 * `narrowed` are warned of. `silent` is a fault: something is lost without a word.
 */
export type SchemaClass = "native" | "loose" | "narrowed" | "described" | "tool" | "words" | "refused" | "silent";

/** What an adapter makes of a schema for its answer, by what it would send. */
export async function outputClassOf({ create, model }: Adapter, feature: SchemaFeature): Promise<SchemaClass> {
  return classOf(create(model).plan({ messages, output: { schema: feature.schema } }), "output", feature);
}

/** What an adapter makes of the schema of a tool that is to be held to it. */
export async function toolClassOf({ create, model }: Adapter, feature: SchemaFeature): Promise<SchemaClass> {
  const tools = [{ name: "answer", input: feature.schema, strict: true }];
  return classOf(create(model).plan({ messages, tools }), "tools", feature);
}

async function classOf(
  planning: Promise<RequestPlan>,
  path: "output" | "tools",
  { schema, evidence, narrower }: SchemaFeature,
): Promise<SchemaClass> {
  let plan: RequestPlan;
  try {
    plan = await planning;
  } catch (error) {
    if (error instanceof ModelError && (error.code === "unsupported" || error.code === "invalid-request"))
      return "refused";
    throw error;
  }
  const warned = plan.warnings.filter((warning) => warning.path?.startsWith(path));
  const body = JSON.stringify(withParsedSchemas(plan.body));
  if (warned.length === 0) {
    if (evidence.test(body)) return "native";
    return narrower?.test(body) ? "narrowed" : "silent";
  }
  if (path === "tools" && !body.includes('"answer"')) return "refused"; // with all tools
  // The instruction stands in a text, with its quotation marks written out.
  if (textsOf(plan.body).some((text) => /JSON/.test(text) && text.includes(JSON.stringify(schema)))) return "words";
  const hasTool = plan.body["tools"] !== undefined || plan.body["toolConfig"] !== undefined;
  if (path === "output" && hasTool) return "tool";
  const described = warned.find(({ message }) => /description/.test(message));
  if (!described) return "loose";
  // What is said to stand in descriptions does.
  const keywords = [...described.message.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
  return keywords.every((name) => body.includes(`${name}: `)) ? "described" : "silent";
}

/** Bedrock has the schema as a text. */
function withParsedSchemas(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (key, member: Json) =>
    key === "schema" && typeof member === "string" ? (JSON.parse(member) as Json) : member,
  ) as Json;
}

function textsOf(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap((member) => textsOf(member as Json))
    : [];
}
