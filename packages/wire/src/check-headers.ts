import { ModelError } from "@plugboard/core";

/**
 * Looks at headers before anyone else does: what Node says of a bad one repeats its value, and that may be a key.
 *
 * @throws {ModelError} `invalid-request` that names the header
 */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      throw new ModelError(`${JSON.stringify(name.slice(0, 40))} is no name for a header.`, {
        code: "invalid-request",
      });
    }
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new ModelError(`The header "${name}" holds a character that headers cannot carry.`, {
        code: "invalid-request",
      });
    }
  }
}
