import { ModelError } from "@plugboard/core";

/** What a base URL may be. */
export interface BaseURLRules {
  /** Lets `http:` reach hosts beyond this machine: a server of one's own in a network one trusts. @default false */
  readonly allowInsecure?: boolean | undefined;
}

/**
 * Checks where requests go, once, when a model is made: `https:`, or `http:` to this machine alone unless allowed; no user or
 * password; no query, no fragment.
 *
 * @returns the address without a slash at its end: append `/chat/completions`
 * @throws {ModelError} `invalid-request` that says what is wrong with it
 */
export function checkBaseURL(baseURL: string | URL, { allowInsecure = false }: BaseURLRules = {}): string {
  const url = URL.parse(String(baseURL));
  if (!url) throw refused("is no URL: give one like https://api.example.com/v1");
  if (url.username !== "" || url.password !== "") throw refused("holds a user or password: give the key as apiKey");
  if (url.search !== "" || url.hash !== "") throw refused("holds a query or fragment: give the address alone");
  if (url.protocol === "http:") {
    if (!allowInsecure && !isLoopback(url.hostname)) {
      throw refused(
        `is http, which shows the key and the prompt to the network on the way to ${url.hostname}: use https, or set allowInsecure`,
      );
    }
  } else if (url.protocol !== "https:") {
    throw refused(`begins with ${url.protocol}: only https: and http: are spoken`);
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

/** As the parser writes them: every form of 127.0.0.0/8 comes out as four numbers. */
function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

function refused(what: string): ModelError {
  return new ModelError(`baseURL ${what}.`, { code: "invalid-request" });
}
