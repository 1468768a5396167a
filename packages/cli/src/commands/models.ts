import { catalog, offers } from "@plugboard/catalog";
import type { Catalog, CatalogModel, Offer } from "@plugboard/catalog";
import { ModelError } from "@plugboard/core";
import { UsageError, flag, numberOption, textOption } from "../command.ts";
import type { Command, Given } from "../command.ts";
import { splitName } from "../model-named.ts";
import { table } from "../table.ts";

const abilities = ["tools", "structuredOutput", "reasoning", "image", "audio", "pdf", "openWeights"] as const;
type Ability = (typeof abilities)[number];

/** `plugboard models`: what the catalogue knows. */
export const modelsCommand: Command = {
  name: "models",
  summary: "Search the catalogue by name, price, limit and ability; or list offers of the same weights.",
  usage: "models [words…] [options]",
  options: {
    provider: { type: "string", short: "p" },
    "max-input-price": { type: "string" },
    "max-output-price": { type: "string" },
    "min-context": { type: "string" },
    "min-output": { type: "string" },
    ability: { type: "string", short: "a", multiple: true },
    tier: { type: "string" },
    offers: { type: "string" },
    limit: { type: "string" },
    json: { type: "boolean" },
  },
  help: {
    provider: "of this provider alone",
    "max-input-price": "US dollars per million input tokens, at most",
    "max-output-price": "US dollars per million output tokens, at most",
    "min-context": "tokens that it takes, at least",
    "min-output": "tokens that it answers, at least",
    ability: `one of ${abilities.join(", ")}; several may be given`,
    tier: "frontier, production or edge",
    offers: "who serves the same weights as this one, such as groq/llama-3.3-70b-versatile",
    limit: "how many to list; 50 unless told",
    json: "as JSON, one array",
  },
  async run(given, { out, error }) {
    const known = catalog();
    const of = textOption(given, "offers");
    const models = of === undefined ? found(given, known) : offersOf(of).map(({ model }) => model);
    const limit = numberOption(given, "limit") ?? 50;
    const listed = models.slice(0, limit);
    out.write(flag(given, "json") ? `${JSON.stringify(listed, undefined, 2)}\n` : asTable(listed));
    if (models.length > listed.length) error.write(`${models.length - listed.length} more; --limit shows them.\n`);
    error.write(`Prices of ${known.snapshot.date}, ${known.age()} days old (${known.snapshot.source}).\n`);
    return models.length > 0 ? 0 : 1;
  },
};

function offersOf(name: string): readonly Offer[] {
  const [provider, id] = splitName(name);
  const found = offers({ provider, id });
  if (found.length > 0) return found;
  throw new ModelError(`The catalogue has no model ${id} of ${provider}.`, { code: "not-found" });
}

/** The cheapest first, by their output; those without a price last. */
function found(given: Given, known: Catalog): readonly CatalogModel[] {
  const wanted = given.words.map((word) => word.toLowerCase());
  const asked = (given.options["ability"] ?? []) as readonly string[];
  for (const ability of asked) {
    if (!(abilities as readonly string[]).includes(ability))
      throw new UsageError(`--ability must be one of ${abilities.join(", ")}; it is ${JSON.stringify(ability)}.`);
  }
  const tier = textOption(given, "tier");
  if (tier !== undefined && !["frontier", "production", "edge"].includes(tier))
    throw new UsageError(`--tier must be frontier, production or edge; it is ${JSON.stringify(tier)}.`);
  const [input, output] = [numberOption(given, "max-input-price"), numberOption(given, "max-output-price")];
  const [context, answer] = [numberOption(given, "min-context"), numberOption(given, "min-output")];
  return known
    .models(textOption(given, "provider"))
    .filter((model) => {
      const name = `${model.provider}/${model.id}`.toLowerCase();
      const { prices, limits } = model;
      return (
        wanted.every((word) => name.includes(word)) &&
        atMost(prices?.input, input) &&
        atMost(prices?.output, output) &&
        (context === undefined || (limits.context ?? 0) >= context) &&
        (answer === undefined || (limits.output ?? 0) >= answer) &&
        (tier === undefined || model.tier === tier) &&
        asked.every((ability) => has(model, ability as Ability))
      );
    })
    .toSorted((a, b) => (a.prices?.output ?? Infinity) - (b.prices?.output ?? Infinity));
}

/** What has no price may be dear. */
function atMost(price: number | undefined, most: number | undefined): boolean {
  return most === undefined || (price !== undefined && price <= most);
}

function has({ abilities, openWeights }: CatalogModel, ability: Ability): boolean {
  if (ability === "openWeights") return openWeights === true;
  if (ability === "image" || ability === "audio" || ability === "pdf")
    return abilities.input?.includes(ability) === true;
  return abilities[ability] === true;
}

function asTable(models: readonly CatalogModel[]): string {
  const rows = models.map(({ provider, id, prices, limits, tier, status }) => [
    `${provider}/${id}`,
    prices?.input,
    prices?.output,
    limits.context,
    limits.output,
    tier,
    status,
  ]);
  return table(["model", "$/M in", "$/M out", "context", "output", "tier", "status"], rows);
}
