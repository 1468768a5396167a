import type { Json } from "@plugboard/core";

const fenced = /```(?:json\w*)?\s*\n([\s\S]*?)```/i;

/** The JSON of an answer: all of it, a fenced block, or the first object or list in it. `undefined` where there is none. */
export function jsonIn(text: string): Json | undefined {
  return parsed(text) ?? parsed(fenced.exec(text)?.[1]) ?? firstValue(text);
}

function parsed(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** From the first bracket to the one that closes it, wherever quotes stand. */
function firstValue(text: string): Json | undefined {
  const start = text.search(/[{[]/);
  if (start < 0) return undefined;
  let [depth, quoted] = [0, false];
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (quoted) {
      if (character === "\\") at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return parsed(text.slice(start, at + 1));
  }
  return undefined;
}
