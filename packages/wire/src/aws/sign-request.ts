/** Who signs. */
interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

/** What is signed, and for whom. */
export interface Signing {
  readonly method: string;
  /** As it is sent: what must be encoded is encoded already. */
  readonly url: string;
  /** Those to be signed, names in lower case; `host` and the ones returned are signed too. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly keys: SigningKeys;
  readonly region: string;
  readonly service: string;
  readonly date: Date;
}

const algorithm = "AWS4-HMAC-SHA256";

/**
 * The headers that sign a request by AWS Signature Version 4: `authorization`, `x-amz-date`, and `x-amz-security-token` for temporary
 * credentials.
 *
 * @example
 * const more = await signRequest({ method: "POST", url, headers, body, keys, region: "us-east-1", service: "bedrock", date: new Date() });
 */
export async function signRequest(signing: Signing): Promise<Record<string, string>> {
  const { method, url, headers, body, keys, region, service, date } = signing;
  const { host, pathname, searchParams } = new URL(url);
  const time = date.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const day = time.slice(0, 8);
  const token = keys.sessionToken === undefined ? {} : { "x-amz-security-token": keys.sessionToken };
  const added = { "x-amz-date": time, ...token };

  const signed = Object.entries({ ...headers, host, ...added }).toSorted(byName);
  const names = signed.map(([name]) => name).join(";");
  const canonical = [
    method,
    canonicalPath(pathname),
    canonicalQuery(searchParams),
    ...signed.map(([name, value]) => `${name}:${value.trim().replaceAll(/\s+/g, " ")}`),
    "",
    names,
    await sha256(body),
  ].join("\n");

  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = [algorithm, time, scope, await sha256(canonical)].join("\n");
  let key: Uint8Array<ArrayBuffer> = bytesOf(`AWS4${keys.secretAccessKey}`);
  for (const part of scope.split("/")) key = await hmac(key, part);
  const signature = hex(await hmac(key, toSign));
  const credential = `Credential=${keys.accessKeyId}/${scope}`;
  return { ...added, authorization: `${algorithm} ${credential}, SignedHeaders=${names}, Signature=${signature}` };
}

/** A segment of a path, or a member of a query, with all encoded but what RFC 3986 leaves unreserved. */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Every service but S3 wants the path encoded once more than it is sent. */
function canonicalPath(pathname: string): string {
  return pathname.split("/").map(encodeSegment).join("/");
}

function canonicalQuery(parameters: URLSearchParams): string {
  return [...parameters]
    .map(([name, value]): [string, string] => [encodeSegment(name), encodeSegment(value)])
    .toSorted((a, b) => byName(a, b) || byName([a[1], ""], [b[1], ""]))
    .map((pair) => pair.join("="))
    .join("&");
}

/** By the bytes, not by anybody's language. */
function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

async function sha256(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(text))));
}

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, bytesOf(text)));
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
