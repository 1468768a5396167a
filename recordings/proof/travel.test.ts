import type { AssistantPart, Message, RequestPlan } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { adapters } from "./adapters.ts";
import type { Adapter } from "./adapters.ts";
import { answerPlace, historiesOf, resultsOf } from "./histories.ts";
import type { History } from "./histories.ts";
import { sealsOf, secretsOf, stands, textsIn, tracesOf } from "./traces.ts";

const schemas = await validator();
const travelled = await Promise.all(adapters.map(async (from) => ({ from, histories: await historiesOf(from) })));
const origins = travelled.filter(({ histories }) => histories.length > 0);
const pairs = origins.flatMap(({ from, histories }) => adapters.map((to) => ({ from, histories, to })));

test.for(pairs.map((pair) => [`${pair.from.name} → ${pair.to.name}`, pair] as const))(
  "a conversation travels %s, and what does not is warned of exactly",
  async ([, { from, histories, to }]) => {
    const faults: string[] = [];
    for (const history of histories) {
      const planned = await planOf(to, history.messages, history.tools);
      const found = [...schemaFaults(planned, from, to, history), ...partFaults(planned, history, from, to)];
      faults.push(...found.map((fault) => `${fault} (${history.name})`));
    }
    expect(faults, `\n${faults.slice(0, 8).join("\n")}\n`).toHaveLength(0);
  },
);

// Two answers are in it: of A, and of B after it. A gets back what it sealed, though B came between.
test.for(origins.map((origin) => [origin.from.name, origin] as const))(
  "what %s sealed comes back to it untouched after a detour over every other",
  async ([, { from, histories }]) => {
    const faults: string[] = [];
    let sealed = 0;
    for (const history of histories) {
      const direct = sealsIn(await planOf(from, history.messages, history.tools), history.answer.content);
      sealed += direct.length;
      for (const { from: other, histories: detours } of origins) {
        const [detour] = detours;
        if (!detour || other === from) continue;
        const messages = withAnswer(history.messages, detour);
        const kept = new Set(sealsIn(await planOf(from, messages, history.tools), history.answer.content));
        const lost = direct.filter((seal) => !kept.has(seal));
        if (lost.length > 0) faults.push(`${history.name} over ${other.name}: ${lost.length} seals are lost`);
      }
    }
    expect(faults).toStrictEqual([]);
    expect(sealed > 0 || !schemas || !sealing.has(from.name)).toBe(true);
  },
);

/** Providers whose recorded answers have signatures or encrypted thoughts that they take back. */
const sealing: ReadonlySet<string> = new Set(["openai responses", "anthropic", "google", "bedrock", "openrouter"]);

function planOf(
  { create, model }: Adapter,
  messages: readonly Message[],
  tools: History["tools"],
): Promise<RequestPlan> {
  return create(model).plan({ messages, tools });
}

function withAnswer(messages: readonly Message[], { answer }: History): Message[] {
  const results = resultsOf(answer.content);
  return [
    ...messages,
    { role: "assistant", content: answer.content },
    ...(results.length > 0 ? [{ role: "tool", content: results } as const] : []),
    { role: "user", content: "Go on." },
  ];
}

function sealsIn({ body }: RequestPlan, content: readonly AssistantPart[]): string[] {
  const texts = new Set(textsIn(body));
  return content.flatMap(sealsOf).filter((seal) => texts.has(seal) || texts.has(Buffer.from(seal).toString("base64")));
}

/** Blocks that no schema knows go back to whoever gave them, as they came. */
const unknownToSchemas = "events and blocks that are younger than this adapter";

function schemaFaults({ body }: RequestPlan, from: Adapter, to: Adapter, { name }: History): string[] {
  if (!schemas || !to.schema || (name === unknownToSchemas && from.owners[0] === to.owners[0])) return [];
  const [schema, operation] = to.schema;
  return schemas.requestErrors(schema, body, operation).map((error) => `schema: ${JSON.stringify(error)}`);
}

function partFaults({ body, warnings }: RequestPlan, { answer }: History, from: Adapter, to: Adapter): string[] {
  const faults: string[] = [];
  const texts = textsIn(body);
  const open = JSON.stringify(answer.content.map(({ providerData: _, ...part }: AssistantPart) => part));
  // A turn that is left out goes with all that is in it.
  const left = warnings.some(({ code, path }) => code === "dropped" && path === `messages[${answerPlace}]`);
  const carriers = new Map<string, string[]>();

  answer.content.forEach((part, index) => {
    const path = `messages[${answerPlace}].content[${index}]`;
    const about = warnings.filter((warning) => warning.path === path || warning.path?.startsWith(`${path}.`));
    const what = `${part.type} at ${path}`;
    const secrets = secretsOf(part);
    const own = Object.keys(part.providerData ?? {}).every((owner) => to.owners.includes(owner));
    const isThere =
      tracesOf(part).every((trace) => stands(trace, texts)) ||
      (own && identityOf(part).length > 0 && identityOf(part).every((text) => stands(text, texts)));

    if (!isThere && about.length === 0 && !left && !(part.type === "source" && own))
      faults.push(`silent: ${what} does not travel, and nothing says so`);
    if (!isThere && about.length > 1)
      faults.push(`exact: ${what} does not travel, which is said ${about.length} times: ${JSON.stringify(about)}`);
    if (isThere && part.type === "text" && part.providerData === undefined && about.some(({ path: at }) => at === path))
      faults.push(`exact: ${what} travels, and is warned of: ${JSON.stringify(about)}`);
    if (!own && secrets.some((secret) => texts.includes(secret) && !open.includes(secret)))
      faults.push(`leak: the data of ${what} is sent to another provider`);
    if (from === to)
      for (const seal of sealsOf(part))
        if (!stands(seal, texts) && about.length === 0 && !left)
          faults.push(`seal: that of ${what} does not come back`);
    for (const owner of Object.keys(part.providerData ?? {}))
      if (!to.owners.includes(owner)) carriers.set(owner, [...(carriers.get(owner) ?? []), path]);
  });

  for (const [owner, paths] of carriers) {
    if (!left && !warnings.some(({ path }) => paths.some((carrier) => path?.startsWith(carrier))))
      faults.push(`silent: data of ${owner} does not travel, and nothing says so`);
  }
  return faults;
}

/** Some go back by what their provider calls them: a sound by its id. */
function identityOf({ providerData = {} }: AssistantPart): string[] {
  return textsIn(Object.values(providerData)).filter((text) => text.length > 8);
}
