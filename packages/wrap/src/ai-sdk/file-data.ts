import type { FilePart } from "@plugboard/core";
import type { SharedV4FileData, SharedV4FileDataData, SharedV4FileDataUrl } from "@ai-sdk/provider";
import { ModelError } from "@plugboard/core";
import { fromBase64 } from "@plugboard/wire";

/** The data of a file in their words. */
export function writeFileData(data: FilePart["data"]): SharedV4FileDataData | SharedV4FileDataUrl {
  return data instanceof URL ? { type: "url", url: data } : { type: "data", data };
}

/**
 * The data of a file in our words. Text that is given as such is its bytes.
 *
 * @throws {ModelError} `unsupported` for a file that a provider holds, which our contract has no word for
 */
export function readFileData(data: SharedV4FileData, path: string): FilePart["data"] {
  switch (data.type) {
    case "url":
      return data.url;
    case "data":
      return typeof data.data === "string" ? fromBase64(data.data) : data.data;
    case "text":
      return new TextEncoder().encode(data.text);
    default:
      throw new ModelError(
        `\`${path}\` names a file that ${Object.keys(data.reference).join(", ")} holds; give its bytes, a URL, or say it in the provider's own words in \`providerOptions\`.`,
        { code: "unsupported" },
      );
  }
}
