import type { CallOptions } from "@plugboard/core";
import { canonical, canonicalWithout } from "./canonical.ts";
import { sha256 } from "./sha256.ts";

/** Grows when what is kept under a key, or what goes into one, changes its meaning. */
const version = 1;

/** The circumstances of a call, whatever the kind of model. Whatever else a request has, now or later, is part of the question. */
const circumstances: Readonly<Record<keyof CallOptions | "stream", true>> = {
  signal: true,
  deadline: true,
  attemptTimeout: true,
  headers: true,
  tags: true,
  notify: true,
  admit: true,
  stream: true,
};

const namesOfCircumstances = new Set(Object.keys(circumstances));

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
  const question = canonicalWithout(request, namesOfCircumstances);
  return `plugboard:${version}:${sha256(`[${canonical(fingerprint)},${canonical(tags)},${question}]`)}`;
}
