import { ModelError } from "@plugboard/core";
import type { EmbeddingModel, Model } from "@plugboard/core";
import type { ServedModels } from "@plugboard/wire/serve";

/** Models by the names that a client asks for. */
export interface NamedModels {
  /** Chat and embedding models. */
  readonly models?: Readonly<Record<string, Model | EmbeddingModel>>;
  /** Other names for them: `{ fast: "gpt-4o-mini" }`. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Answers whatever other name is asked for. @default nobody: such a name is not found */
  readonly otherwise?: Model;
}

/**
 * Who answers to which name. A model alone answers to every name.
 *
 * @throws {ModelError} `invalid-request` for an alias of a name that there is not
 */
export function namedModels(given: Model | EmbeddingModel | NamedModels): ServedModels {
  if ("call" in given) return "embed" in given ? { embedding: () => given } : { chat: () => given };
  const { models = {}, aliases = {}, otherwise } = given;
  for (const [alias, name] of Object.entries(aliases)) {
    if (Object.hasOwn(models, name)) continue;
    throw new ModelError(`The alias \`${alias}\` stands for \`${name}\`; there are: ${namesOf(models)}.`, {
      code: "invalid-request",
    });
  }

  function find(asked: string): Model | EmbeddingModel | undefined {
    const name = Object.hasOwn(aliases, asked) ? aliases[asked]! : asked;
    return Object.hasOwn(models, name) ? models[name] : undefined;
  }

  function missing(asked: string, kind: string): ModelError {
    const name = asked.slice(0, 80);
    const found = find(asked);
    const why = found ? `\`${name}\` is no ${kind} model` : `There is no model \`${name}\``;
    return new ModelError(`${why}; there are: ${namesOf(models)}.`, { code: "not-found" });
  }

  return {
    chat(asked) {
      const found = find(asked) ?? otherwise;
      if (found && !("embed" in found)) return found;
      throw missing(asked, "chat");
    },
    embedding(asked) {
      const found = find(asked);
      if (found && "embed" in found) return found;
      throw missing(asked, "embedding");
    },
  };
}

function namesOf(models: object): string {
  return Object.keys(models).join(", ") || "none";
}
