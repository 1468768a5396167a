import { ModelError } from "@plugboard/core";

const defaultPort = "11434";

/**
 * The base URL that the value of `OLLAMA_HOST` means, by the rules of Ollama itself (`envconfig/config.go`): any of scheme, port and
 * path may be missing.
 *
 * @throws {ModelError} `invalid-request`, when it is none
 * @example
 * hostUrl("192.168.1.4"); // "http://192.168.1.4:11434"
 */
export function hostUrl(host: string): string {
  const text = host.trim();
  if (text === "") return `http://127.0.0.1:${defaultPort}`;
  if (text === "ollama.com") return "https://ollama.com";
  const url = baseUrl(
    text.includes("://") ? text : `http://${text.startsWith(":") ? `127.0.0.1${text}` : text}`,
    "OLLAMA_HOST",
  );
  // Without a scheme the port is Ollama's, with one it is the scheme's.
  if (!text.includes("://") && !/:\d+$/.test(text.split("/")[0]!)) url.port = defaultPort;
  // Where a server listens is not where it is reached.
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  if (url.hostname === "[::]") url.hostname = "[::1]";
  return withoutSlash(url);
}

/** A base URL as it is used: without a slash at its end. */
export function withoutSlash(url: URL): string {
  return url.href.replace(/\/+$/, "");
}

/** @throws {ModelError} `invalid-request`, when it is not http or https, or carries a user name */
export function baseUrl(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return url;
  throw new ModelError(`\`${name}\` must be an http or https URL without a user name or password.`, {
    code: "invalid-request",
    provider: "ollama",
  });
}

/** Whether what is sent there stays on this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
