import { ModelError } from "@plugboard/core";
import { redact } from "@plugboard/wire";
import { LineCounter, isCollection, isMap, isNode, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, Node } from "yaml";
import { checkConfig } from "./config-schema.ts";
import type { ConfigIssue } from "./config-schema.ts";
import type { GatewayConfig } from "./gateway-config.ts";

/**
 * Reads the text of a configuration, in YAML or JSON.
 *
 * @param file - its name, for errors
 * @throws {ModelError} `invalid-request`, with file, line and column, the field and the accepted values of everything that is wrong
 * @example
 * const config = readConfig(await readFile("plugboard.yaml", "utf8"), "plugboard.yaml");
 */
export function readConfig(text: string, file: string): GatewayConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw wrong(document.errors.map(({ pos: [start], message }) => `${at(start)}: ${message}`));
  }
  const outcome = checkConfig(document.toJS());
  if ("config" in outcome) return outcome.config as GatewayConfig;
  throw wrong(outcome.issues.flatMap((issue) => placed(issue, document).map(([offset, said]) => `${at(offset)}: ${said}`)));
}

/**
 * Checks a configuration that a program made.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values of everything that is wrong
 */
export function checkedConfig(value: unknown, file: string): GatewayConfig {
  const outcome = checkConfig(value);
  if ("config" in outcome) return outcome.config as GatewayConfig;
  throw wrong(outcome.issues.map(({ path, message }) => `${file}: ${fieldOf(path)} ${message}.`));
}

/** Where in the text an issue stands, and what is said of it there. */
function placed({ path, keys, message }: ConfigIssue, document: Document): readonly (readonly [number, string])[] {
  const node = nearest(document, path);
  if (keys.length > 0 && isMap(node)) {
    return keys.map((name) => {
      const key = node.items.find((item) => isScalar(item.key) && String(item.key.value) === name)?.key as Node | undefined;
      return [key?.range?.[0] ?? 0, `${fieldOf(path)} ${message}.`] as const;
    });
  }
  const value: unknown = isScalar(node) ? node.value : undefined;
  const isSecret = ["key", "hash", "redis"].includes(String(path.at(-1)));
  const shown = typeof value === "string" || typeof value === "number" ? `; it is ${redact(JSON.stringify(value)).slice(0, 60)}` : "";
  return [[node?.range?.[0] ?? 0, `${fieldOf(path)} ${message}${isSecret ? "" : shown}.`]];
}

/** The node at a path, or the one in which it is missing. What stands for a list of one has no place in it. */
function nearest(document: Document, path: readonly (string | number)[]): Node | undefined {
  let node = document.contents ?? undefined;
  for (const part of path) {
    if (typeof part === "number" && !isSeq(node)) continue;
    const inner: unknown = isCollection(node) ? node.get(part, true) : undefined;
    if (!isNode(inner)) break;
    node = inner;
  }
  return node;
}

function fieldOf(path: readonly (string | number)[]): string {
  if (path.length === 0) return "the configuration";
  return path.map((part, place) => (typeof part === "number" ? `[${part}]` : place === 0 ? part : `.${part}`)).join("");
}

function wrong(lines: readonly string[]): ModelError {
  return new ModelError(lines.join("\n"), { code: "invalid-request" });
}
