import { ModelError } from "@plugboard/core";

const mark = "[redacted]";

/**
 * A key that does not show: not when it is logged, inspected, spread or made JSON of. Only `reveal()` gives it away.
 *
 * @example
 * const secret = new Secret(process.env.ACME_API_KEY!, "apiKey");
 * headers.authorization = `Bearer ${secret.reveal()}`;
 */
export class Secret {
  readonly #value: string;

  /**
   * @param value - white space around it is dropped
   * @param name - of the option or variable that holds it, for the error
   * @throws {ModelError} `auth` for one that no header can carry; it names the option, never the value
   */
  constructor(value: string, name: string) {
    const trimmed = value.trim();
    if (!/^[\x21-\x7e]+$/.test(trimmed)) {
      const what =
        trimmed === ""
          ? "is empty"
          : "holds a character that no key has: a space, a line break, a letter outside ASCII";
      throw new ModelError(`${name} ${what}.`, { code: "auth" });
    }
    this.#value = trimmed;
  }

  /** The key itself: call it where the header is made, and keep what it returns no longer than that. */
  reveal(): string {
    return this.#value;
  }

  /** `[redacted]`. */
  toString(): string {
    return mark;
  }

  /** `[redacted]`. */
  toJSON(): string {
    return mark;
  }
}

// What `console.log` and `util.inspect` of Node show.
const inspect = (): string => `Secret(${mark})`;
Object.defineProperty(Secret.prototype, Symbol.for("nodejs.util.inspect.custom"), { value: inspect });
