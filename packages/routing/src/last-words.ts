import type { Prompt } from "@plugboard/core";

/** What the user said last: neither instructions nor what tools brought decide who is asked. */
export function lastWords({ messages }: Prompt): string {
  for (let place = messages.length - 1; place >= 0; place--) {
    const { role, content } = messages[place]!;
    if (role !== "user") continue;
    if (typeof content === "string") return content;
    let text = "";
    for (const part of content) if (part.type === "text") text += text === "" ? part.text : `\n${part.text}`;
    return text;
  }
  return "";
}
