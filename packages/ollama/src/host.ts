import { ModelError } from "@plugboard/core";
import { checkBaseURL } from "@plugboard/wire";

/**
 * The base URL that the value of `OLLAMA_HOST` means, by the rules of Ollama itself (`envconfig/config.go`): any of scheme, host, port
 * and path may be missing.
 *
 * @throws {ModelError} `invalid-request`, when it is none
 * @example
 * hostURL("192.168.1.4"); // "http://192.168.1.4:11434"
 */
export function hostURL(host: string): string {
  const text = host.trim();
  if (text === "ollama.com") return "https://ollama.com";
  const named = text.includes("://") ? text : `http://${text === "" || /^[:/]/.test(text) ? `127.0.0.1${text}` : text}`;
  const url = new URL(check(named));
  // Without a scheme the port is Ollama's, with one it is the scheme's.
  if (!text.includes("://") && !/:\d+$/.test(text.split("/")[0]!)) url.port = "11434";
  // Where a server listens is not where it is reached.
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  if (url.hostname === "[::]") url.hostname = "[::1]";
  return url.href.replace(/\/+$/, "");
}

function check(url: string): string {
  try {
    return checkBaseURL(url, { allowInsecure: true });
  } catch (error) {
    const { message } = ModelError.from(error);
    throw new ModelError(`OLLAMA_HOST: ${message}`, { code: "invalid-request", provider: "ollama" });
  }
}
