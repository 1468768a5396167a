import { ModelError } from "@plugboard/core";
import type { ModelRequest } from "@plugboard/core";
import { fileURLsOf } from "./file-urls.ts";
import { isAddress, isPublicAddress } from "./is-public-address.ts";

/**
 * Which URLs of files clients may send to a model. They are never fetched here; its provider fetches them.
 *
 * - `public`: of `https:` and `http:`, to hosts of the public internet
 * - `none`: none; files stand in the request itself. For a model in your own network, which could be sent anywhere in it
 * - `any`: whatever they are
 */
export type FileURLs = "public" | "none" | "any";

/** The addresses of a host name, as they are now. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * Refuses URLs that lead into a private network. Names are looked up each time, and all of their addresses must be public; where there is
 * no `resolve`, as on runtimes without name look-up, names are judged by what they say.
 *
 * @returns a promise where something has to be looked up
 * @throws {ModelError} `invalid-request`, without repeating the URL
 */
export function checkFileURLs(
  request: ModelRequest,
  allowed: FileURLs,
  resolve: Resolve | undefined,
): Promise<unknown> | undefined {
  if (allowed === "any") return undefined;
  const urls = fileURLsOf(request);
  if (urls.length === 0) return undefined;
  if (allowed === "none") throw refused("This model takes files in the request itself, and no URLs");
  const hosts = new Set(urls.map(hostOf));
  return resolve && Promise.all([...hosts].map((host) => checkHost(host, resolve)));
}

/** Checked by all that can be said without looking its name up. */
function hostOf(text: string): string {
  const url = URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw refused("A URL of a file must begin with https:// or http://");
  }
  if (url.username !== "" || url.password !== "") throw refused("A URL of a file must hold no user and no password");
  const host = url.hostname.replace(/\.+$/, "");
  const isOpen = isAddress(host) ? isPublicAddress(host) : isPublicName(host);
  if (!isOpen) throw refused("A URL of a file leads into a private network");
  return host;
}

/** Names of this machine, and names that only a private network knows, among them all without a dot. */
function isPublicName(host: string): boolean {
  return host.includes(".") && !/\.(?:localhost|local|internal|intranet|lan|home|corp|private|home\.arpa|onion)$/.test(host);
}

async function checkHost(host: string, resolve: Resolve): Promise<void> {
  if (isAddress(host)) return;
  let addresses: readonly string[];
  try {
    addresses = await resolve(host);
  } catch {
    addresses = [];
  }
  // What cannot be looked up is not known to be public.
  if (addresses.length > 0 && addresses.every((address) => isPublicAddress(address))) return;
  throw refused("The host of a URL of a file is unknown, or is in a private network");
}

function refused(what: string): ModelError {
  return new ModelError(`${what}.`, { code: "invalid-request" });
}
