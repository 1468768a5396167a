import { createHash } from "node:crypto";
import type { Message } from "@plugboard/core";
import { partsOf } from "../parts-of.ts";
import { sortedJson } from "../sorted-json.ts";

/** How a conversation begins, up to the first question: calls of one conversation have it in common. */
export function beginningOf(messages: readonly Message[]): string {
  const first = messages.findIndex(({ role }) => role === "user");
  return said(messages.slice(0, first + 1));
}

/**
 * How a conversation begins, so that near twins begin alike: case, white space and punctuation do not matter, nor which number, day, time, month or
 * id stands at a place. Other words do matter.
 */
export function nearlyBeginningOf(messages: readonly Message[]): string {
  return beginningOf(messages)
    .replaceAll(changing, "#")
    .replaceAll(/[^\p{L}#]+/gu, " ")
    .replaceAll(/#(?: #)*/g, "#")
    .trim();
}

/** Ids of hexadecimal digits, numbers, names of months and days of the week. */
const changing =
  /\b(?=[0-9a-f-]*[0-9])[0-9a-f]{4,}(?:-[0-9a-f]{4,})*\b|\d+(?:st|nd|rd|th)?|\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b/g;

/** What messages say, whatever the case and the white space. */
export function said(messages: readonly Message[]): string {
  return messages
    .map(({ role, content }) => {
      const parts = partsOf(content).map((part) => {
        if (part.type === "text" || part.type === "reasoning")
          return part.text.toLowerCase().replaceAll(/\s+/g, " ").trim();
        if (part.type === "file") return part.data instanceof URL ? part.data.href : digest(part.data);
        const { providerData: _, ...rest } = part as typeof part & { readonly id?: string };
        return sortedJson({ ...rest, id: undefined, raw: undefined });
      });
      return `${role} ${parts.join(" ")}`;
    })
    .join("\n");
}

/** A short name of what may be long. */
export function digest(value: string | Uint8Array): string {
  return createHash("sha256").update(value).digest("base64url");
}
