import type { TextPattern } from "./text-rule.ts";

/** What stands before the secret part of a key, with the services that write it so. */
const prefixes = [
  "sk|pk|rk", // OpenAI, Anthropic, Stripe and many others
  "gsk|xai|pplx|csk|nvapi|tgp|hf", // other model providers
  "gh[opsur]|github_pat|glpat|npm|pypi", // code and packages
  "xox[abeprs]|xapp", // Slack
  "shpat|dop_v1|whsec|lin_api", // shops, servers, webhooks
];

/**
 * Keys as services write them, tokens of JSON Web Token form, and private keys in PEM form: for `guard` and `redact`.
 *
 * @example
 * const model = openai("gpt-4o").with(guard({ output: keyPattern }));
 */
export const keyPattern: TextPattern = {
  find: new RegExp(
    [
      String.raw`(?<![A-Za-z0-9])(?:${prefixes.join("|")})[-_][A-Za-z0-9_-]{16,400}`,
      String.raw`(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])`, // AWS
      String.raw`(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{30,100}`, // Google
      String.raw`(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{10,1000}\.[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{0,1000}`,
      String.raw`-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s:,.-]{0,8000}-----END [A-Z ]{0,30}PRIVATE KEY-----`,
    ].join("|"),
  ),
  longest: 8200,
  // Within a word; of a PEM block all from its beginning.
  unfinished: /(?:-----BEGIN [A-Za-z0-9+/=\s:,.-]*|\S+)$/,
};
