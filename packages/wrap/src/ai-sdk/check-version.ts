import { ModelError } from "@plugboard/core";

/** A model of the AI SDK, of whichever version of its contract. */
interface Versioned {
  readonly specificationVersion: string;
  readonly modelId: string;
}

/** @throws {ModelError} `unsupported` for a model of another version than v4 */
export function checkVersion({ specificationVersion, modelId }: Versioned, provider: string): void {
  if (specificationVersion === "v4") return;
  const message = `The model ${modelId} is of version ${specificationVersion} of the AI SDK's contract; v4 is accepted, that of ai 7.`;
  throw new ModelError(message, { code: "unsupported", provider, model: modelId });
}
