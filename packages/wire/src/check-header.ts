import { ModelError } from "@plugboard/core";

const legalName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const legalValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Looks at a header before anyone else does: what Node says of a bad one repeats its value, and that may be a key.
 *
 * @throws {ModelError} `invalid-request` that names the header
 */
export function checkHeader(name: string, value: string): void {
  if (!legalName.test(name)) {
    throw new ModelError(`${JSON.stringify(name.slice(0, 40))} is no name for a header.`, { code: "invalid-request" });
  }
  if (!legalValue.test(value)) {
    throw new ModelError(`The header "${name}" holds a character that headers cannot carry.`, {
      code: "invalid-request",
    });
  }
}
