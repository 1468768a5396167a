import { budget, catalog, cost, memoryLedger, retry } from "plugboard";
import type { Model } from "plugboard";
import { anthropic } from "@plugboard/anthropic";
import { ollama } from "@plugboard/ollama";
import { azure, openai } from "@plugboard/openai";
import { countTokens } from "@plugboard/tokens";
import { nodeTransport } from "@plugboard/wire";
import type { Transport } from "@plugboard/wire";
import { exactDollars } from "./figures.ts";
import { questions } from "./questions.ts";
import { UsageError } from "./usage-error.ts";
import { watchedTransport } from "./watched-transport.ts";
import type { Participant, World } from "./world.ts";

export interface LiveWorldOptions {
  /** @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** How requests are sent. @default the one for Node */
  readonly transport?: Transport;
}

/** What the whole run may cost, in US dollars. */
const limit = 0.5;

/** Questions of each kind. */
const perKind = 4;

/** Bytes after which an answer is cut: some events of a stream. */
const cutAfter = 2500;

/** A model of one's own has no price list; this stands for the machine and its power. */
const ownPrice = { input: 0.1, output: 0.1 };

/**
 * Real models: those whose keys are set, and an Ollama on this machine.
 *
 * @throws {UsageError} when there is none of them, naming what is missing
 */
export async function liveWorld({
  environment = process.env,
  transport = nodeTransport(),
}: LiveWorldOptions = {}): Promise<World> {
  const watched = watchedTransport(transport);
  const { found, missing } = await candidates(environment, watched.transport);
  if (found.length === 0) throw new UsageError(`There is no model to ask. ${missing.join(" ")}`);

  const { quote: price } = catalog({
    overrides: { ollama: Object.fromEntries(found.map(({ id }) => [id, { prices: ownPrice }])) },
  });
  const priceOf = (model: Model): number | undefined => price({ input: 1000, output: 1000 }, model).cost?.total;
  const unpriced = found.filter((model) => priceOf(model) === undefined);
  const models = found.filter((model) => priceOf(model) !== undefined).toSorted((a, b) => priceOf(b)! - priceOf(a)!);
  if (models.length === 0) throw new UsageError(`No price is known of ${unpriced.map(({ id }) => id).join(", ")}.`);

  const ledger = memoryLedger();
  const guard = budget({ limit: { usd: limit }, price, limits: () => undefined, ledger, name: "demo" });
  const participant = (model: Model): Participant => ({
    name: `${model.provider} ${model.id}`,
    about: `${exactDollars(priceOf(model)!)} for 1000 + 1000 tokens`,
    model: model.with(cost(price, { count: countTokens }), guard, retry()),
  });
  const participants = models.map(participant);

  const kinds = Map.groupBy(questions, ({ kind }) => kind);
  const asked = Array.from(kinds.values(), (some) => some.slice(0, perKind)).flat();
  const answers = new Map(asked.map(({ id, answer }) => [id, answer]));
  return {
    title: `${asked.length} questions, ${participants.length} real model${participants.length === 1 ? "" : "s"}`,
    notes: [
      `Real models are asked, and cost real money: at most $${limit} in all.`,
      "This form is tried against simulated services alone; nobody has run it against the real ones for this page.",
      ...missing,
      ...unpriced.map(({ id }) => `${id} is left out: no price is known of it.`),
      ...(models.some(({ provider }) => provider === "ollama")
        ? [`Ollama's tokens are priced at $${ownPrice.input} a million, an assumption that stands for the machine.`]
        : []),
    ],
    origins: { right: "measured", cost: "measured", time: "measured" },
    participants,
    // With one model alone, the same model a second time.
    standby: participants[1] ?? participant(models[0]!),
    tasks: asked.map(({ id, kind, text }) => ({ id, kind, question: text })),
    longestAnswer: 1500,
    speedUp: 1,
    width: 4,
    race: 2,
    price,
    right: ({ id }, _, answer) => Number(answer !== undefined && bare(answer) === answers.get(id)),
    cutPrimary() {
      watched.cutAfter(cutAfter);
      return () => watched.cutAfter(undefined);
    },
    requests: watched.requests,
    close: () => Promise.resolve(),
  };
}

/** A number without its unit, its currency and its thousands. */
function bare(answer: string): string {
  return answer.replaceAll(/[$,]/g, "").trim().split(/\s/)[0]!.replace(/\.0*$/, "");
}

async function candidates(
  environment: Readonly<Record<string, string | undefined>>,
  transport: Transport,
): Promise<{ readonly found: readonly Model[]; readonly missing: readonly string[] }> {
  const found: Model[] = [];
  const missing: string[] = [];
  const { OPENAI_API_KEY, ANTHROPIC_API_KEY } = environment;
  if (OPENAI_API_KEY) found.push(openai("gpt-4o-mini", { apiKey: OPENAI_API_KEY, transport }));
  else missing.push("OpenAI is not asked: OPENAI_API_KEY is not set.");

  if (ANTHROPIC_API_KEY) found.push(anthropic("claude-haiku-4-5", { apiKey: ANTHROPIC_API_KEY, transport }));
  else missing.push("Anthropic is not asked: ANTHROPIC_API_KEY is not set.");

  const { AZURE_OPENAI_API_KEY, AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_DEPLOYMENT, AZURE_OPENAI_MODEL } = environment;
  if (AZURE_OPENAI_API_KEY && AZURE_OPENAI_ENDPOINT && AZURE_OPENAI_DEPLOYMENT) {
    const options = { apiKey: AZURE_OPENAI_API_KEY, endpoint: AZURE_OPENAI_ENDPOINT, transport };
    const catalogId = AZURE_OPENAI_MODEL ?? AZURE_OPENAI_DEPLOYMENT;
    found.push(azure(AZURE_OPENAI_DEPLOYMENT, { ...options, catalogId }));
  } else {
    const names = { AZURE_OPENAI_API_KEY, AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_DEPLOYMENT };
    const unset = Object.entries(names).flatMap(([name, value]) => (value ? [] : [name]));
    missing.push(`Azure is not asked: not set: ${unset.join(", ")} (and AZURE_OPENAI_MODEL, the model behind it).`);
  }

  const local = await firstOllamaModel(environment["OLLAMA_HOST"] ?? "http://127.0.0.1:11434", transport);
  if (local) found.push(ollama(local.id, { baseURL: local.baseURL, transport }));
  else missing.push("Ollama is not asked: none with a model answers on this machine.");
  return { found, missing };
}

/** The first model that an Ollama has, if there is one. */
async function firstOllamaModel(
  host: string,
  transport: Transport,
): Promise<{ readonly id: string; readonly baseURL: string } | undefined> {
  const baseURL = host.includes("://") ? host : `http://${host}`;
  try {
    const signal = AbortSignal.timeout(1000);
    const { status, body } = await transport({ method: "GET", url: `${baseURL}/api/tags`, headers: {}, signal });
    let text = "";
    const decoder = new TextDecoder();
    for (let read = await body.read(); read.value; read = await body.read()) {
      text += decoder.decode(read.value, { stream: true });
    }
    const { models = [] } = JSON.parse(text) as { readonly models?: readonly { readonly name?: unknown }[] };
    const name = models[0]?.name;
    return status === 200 && typeof name === "string" ? { id: name, baseURL } : undefined;
  } catch {
    return undefined; // nothing listens there, or not an Ollama
  }
}
