import type { CallOptions } from "@plugboard/core";
import { canonical } from "./canonical.ts";
import { sha256 } from "./sha256.ts";

/** Grows when what is kept under a key, or what goes into one, changes its meaning. */
const version = 1;

/** The circumstances of a call, whatever the kind of model. Whatever else a request has, now or later, is part of the question. */
const circumstances: Readonly<Record<keyof CallOptions | "stream", undefined>> = {
  signal: undefined,
  deadline: undefined,
  attemptTimeout: undefined,
  headers: undefined,
  tags: undefined,
  notify: undefined,
  admit: undefined,
  stream: undefined,
};

/**
 * A name for a question: the same for two requests exactly when the same model, in the same scope, is asked the same thing.
 *
 * `undefined` when the request lacks a tag that the scope asks for: whose answer it is cannot be told, so it is nobody else's.
 */
export function promptKey(fingerprint: string, request: CallOptions, scope: readonly string[]): string | undefined {
  const tags: Record<string, string> = {};
  for (const name of scope) {
    const tag = request.tags?.[name];
    if (tag === undefined) return undefined;
    tags[name] = tag;
  }
  return `plugboard:${version}:${sha256(canonical([fingerprint, tags, { ...request, ...circumstances }]))}`;
}
