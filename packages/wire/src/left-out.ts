import type { AssistantPart, Warning } from "@plugboard/core";

/** Says why a part of an answer does not go back to a provider. */
export function leftOut(part: AssistantPart, path: string, provider: string): Warning {
  return { code: "dropped", path, message: reasonOf(part, provider) };
}

function reasonOf(part: AssistantPart, provider: string): string {
  switch (part.type) {
    case "reasoning":
      return `Thoughts that are not signed for ${provider} are not sent.`;
    case "tool-call":
      return `The call of ${part.name} was run by another provider and has no result here; it is not sent.`;
    case "file":
      return `${provider} takes no file from an assistant.`;
    case "source":
      return `Sources are not sent to ${provider}.`;
    default:
      return `${provider} does not know this part (${part.type}); it is not sent.`;
  }
}
