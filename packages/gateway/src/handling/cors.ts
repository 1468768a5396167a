import type { Incoming } from "./incoming.ts";

/** Which pages of browsers may ask. */
export interface CorsOptions {
  /** Such as `https://app.example.com`; `*` is every page. */
  readonly origins: readonly string[];
}

const allowed = "authorization, content-type, x-api-key, x-goog-api-key, anthropic-version, anthropic-beta";

/** What a browser wants to hear before it shows an answer to a page; nothing for pages that may not ask. */
export function corsHeaders(
  options: CorsOptions | undefined,
  { header }: Pick<Incoming, "header">,
): Readonly<Record<string, string>> | undefined {
  if (!options) return undefined;
  const origin = header("origin");
  if (origin === undefined) return undefined;
  const found = options.origins.find((one) => one === "*" || one === origin);
  if (found === undefined) return { vary: "origin" };
  return {
    "access-control-allow-origin": found,
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": allowed,
    "access-control-expose-headers": "x-request-id, x-plugboard-warnings, retry-after",
    "access-control-max-age": "600",
    vary: "origin",
  };
}
