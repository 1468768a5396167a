import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import { parseJson } from "@plugboard/wire";
import { Refusal } from "./refusal.ts";

/** Lists and objects in one another, at most: real requests have a dozen. */
const deepest = 200;

/**
 * A body as JSON: UTF-8, not nested beyond reason, without members named `__proto__`.
 *
 * @throws {Refusal} 400
 */
export function parseBody(bytes: Uint8Array, decoder: Pick<InstanceType<typeof TextDecoder>, "decode">): Json {
  if (isDeep(bytes)) throw invalid(`The body nests more than ${deepest} lists and objects.`);
  try {
    return parseJson(decoder.decode(bytes));
  } catch {
    // The parser's own sentence quotes the body.
    throw invalid("The body is not JSON in UTF-8.");
  }
}

function isDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  for (let place = 0; place < bytes.length; place++) {
    switch (bytes[place]) {
      case 0x22: // a text, up to a quote that no backslash takes the meaning from
        place = endOfText(bytes, place);
        break;
      case 0x5b:
      case 0x7b:
        if (++depth > deepest) return true;
        break;
      case 0x5d:
      case 0x7d:
        depth--;
        break;
      default:
    }
  }
  return false;
}

function endOfText(bytes: Uint8Array, start: number): number {
  for (let end = bytes.indexOf(0x22, start + 1); end >= 0; end = bytes.indexOf(0x22, end + 1)) {
    let before = end - 1;
    while (bytes[before] === 0x5c) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return bytes.length;
}

function invalid(message: string): Refusal {
  return new Refusal(400, new ModelError(message, { code: "invalid-request" }));
}
