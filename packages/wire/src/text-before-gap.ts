import type { Prompt, Warning } from "@plugboard/core";
import { ModelError } from "@plugboard/core";

/** What the continuation of a text has no place for. */
const foreign = ["tools", "toolChoice", "output", "reasoning"] as const;

/**
 * The text that a completion continues: the last message, which is the user's. What a chat would read besides it is left out, with a
 * warning.
 *
 * @throws {ModelError} `unsupported`, for a last message that is not the user's, or has a file in it
 * @example
 * const { prefix, warnings } = textBeforeGap(request, { provider: "acme", model: "parrot-coder" });
 * const body = { prompt: prefix, suffix: request.suffix };
 */
export function textBeforeGap(
  prompt: Prompt,
  { provider, model }: { readonly provider: string; readonly model: string },
): { readonly prefix: string; readonly warnings: readonly Warning[] } {
  const { messages } = prompt;
  const path = `messages[${messages.length - 1}]`;
  const unsupported = (message: string): ModelError =>
    new ModelError(message, { code: "unsupported", provider, model });
  const last = messages.at(-1);
  if (last?.role !== "user") {
    throw unsupported(
      `\`${path}\` must be the user's: it is what a completion continues; it is of role ${last?.role}.`,
    );
  }

  const warnings: Warning[] = messages.slice(0, -1).map((_, place) => ({
    code: "dropped",
    path: `messages[${place}]`,
    message: "A completion continues the last message alone.",
  }));
  for (const field of foreign) {
    if (prompt[field] === undefined) continue;
    warnings.push({ code: "dropped", path: field, message: `A completion has no place for \`${field}\`.` });
  }
  if (typeof last.content === "string") return { prefix: last.content, warnings };
  const texts = last.content.map((part, place) => {
    if (part.type === "text") return part.text;
    throw unsupported(`\`${path}.content[${place}]\` is a file; a completion continues text.`);
  });
  return { prefix: texts.join(""), warnings };
}
