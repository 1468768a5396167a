const mark = "[redacted]";

/** Keys as the providers write them, in case the text holds one that is not ours. Every repetition is bounded, so the time is too. */
const keyShapes =
  /\b(?:sk|pk|rk|gsk|xai|hf|pplx|csk|nvapi|tgp)[-_][A-Za-z0-9_-]{16,400}|\bAIza[A-Za-z0-9_-]{30,100}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\beyJ[A-Za-z0-9_-]{10,1000}\.[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{0,1000}|(?<=\bBearer\s{1,8})[^\s"',]{8,4000}/g;

/** A URL's query may hold anything. */
const queries = /(https?:\/\/[^\s"'<>?]{1,1000})\?[^\s"'<>]*/gi;

/**
 * Takes out of a text the secrets given, whatever looks like a provider's key, and the query strings of URLs.
 *
 * @param secrets - shorter than four characters they are left alone: taking those out would leave nothing to read
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let safe = text;
  // The longest first: one secret may hold another.
  for (const secret of secrets.toSorted((a, b) => b.length - a.length)) {
    if (secret.length >= 4) safe = safe.replaceAll(secret, mark);
  }
  return safe.replaceAll(keyShapes, (shape) => (/\d/.test(shape) ? mark : shape)).replaceAll(queries, "$1");
}

const secretNames = /auth|key|token|secret|cookie|password|signature|credential/i;

/** Whether what has this name may hold a secret: `authorization`, `api_key`, `authToken`; headers, and members of options. */
export function isSecretName(name: string): boolean {
  return secretNames.test(name);
}

/** The headers but for those that hold a secret by their name. */
export function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isSecretName(name)));
}

/** The values among headers that must not be repeated, without the scheme before them. */
export function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (isSecretName(name)) secrets.push(value.replace(/^(Bearer|Basic|Token)\s+/i, "").trim());
  }
  return secrets;
}
