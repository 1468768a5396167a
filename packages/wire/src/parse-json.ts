import type { Json } from "@plugboard/core";

/**
 * Parses JSON from outside. A member named `__proto__` is left out, so that spreading or merging what comes back never changes a
 * prototype.
 *
 * @throws {SyntaxError} for text that is not JSON; it says where, and quotes nothing: what an engine's own error quotes may be a key
 */
export function parseJson(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw unquoted(error as Error);
  }
  // A reviver makes parsing several times slower, so it runs only when the name occurs, also with an escape in it.
  return mayHoldProto(text) ? withoutProto(value) : value;
}

function unquoted({ message }: Error): SyntaxError {
  const [place = ""] = / at position \d+/.exec(message) ?? [];
  return new SyntaxError(`The text is not JSON${place}.`);
}

/** A key can be written with escapes, `\u005f_proto__`. Most texts have none, and a fixed text is found sooner than an expression. */
function mayHoldProto(text: string): boolean {
  return text.includes("__proto__") || (text.includes("\\u00") && /\\u00[5-7]/.test(text));
}

function withoutProto(root: Json): Json {
  // Without recursion: depth is the sender's choice.
  const open: object[] = typeof root === "object" && root !== null ? [root] : [];
  for (let holder = open.pop(); holder; holder = open.pop()) {
    if (Object.hasOwn(holder, "__proto__")) Reflect.deleteProperty(holder, "__proto__");
    for (const member of Object.values(holder) as Json[])
      if (typeof member === "object" && member !== null) open.push(member);
  }
  return root;
}
