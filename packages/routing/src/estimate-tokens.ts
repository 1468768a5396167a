import type { Message, Prompt, TokenCount } from "@plugboard/core";

/**
 * How many input tokens the texts of a prompt are, roughly: one for four characters, give or take half. Blanks are left out, of which a
 * token can be many; so are files, tools and thoughts. It is meant to tell what surely does not fit.
 */
export function estimateTokens({ messages }: Prompt): TokenCount {
  let characters = 0;
  for (const message of messages) for (const text of textsOf(message)) characters += darkOf(text);
  return { tokens: characters / 4, bound: { error: 0.5 } };
}

function* textsOf({ content }: Message): Generator<string> {
  if (typeof content === "string") yield content;
  else {
    for (const part of content) {
      if (part.type === "text") yield part.text;
      else if (part.type === "tool-result" && typeof part.output === "string") yield part.output;
    }
  }
}

/** Characters that are not blank. */
function darkOf(text: string): number {
  let dark = 0;
  for (let place = 0; place < text.length; place++) if (text.charCodeAt(place) > 32) dark++;
  return dark;
}
