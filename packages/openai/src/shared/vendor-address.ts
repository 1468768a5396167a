import { bearerFrom, checkBaseURL } from "@plugboard/wire";
import type { ApiKey, WireOptions } from "@plugboard/wire";

/** What any model of a vendor can be given, whatever the protocol. */
export interface VendorOptions extends WireOptions {
  /** The key, or how to get it. @default the vendor's environment variable, read at every call */
  readonly apiKey?: ApiKey;
  /** @default the vendor's */
  readonly baseURL?: string | URL;
  /** Lets `http:` reach hosts beyond this machine. @default false */
  readonly allowInsecure?: boolean;
  /** The catalogue's name for the model, where its id is not one: prices and limits are looked up by it. */
  readonly catalogId?: string;
}

/** Where requests of a model go. */
export interface Address {
  /** For the fingerprint. */
  readonly place: string;
  /** Found out for every call. @throws {ModelError} `invalid-request` when it is not known */
  readonly url: () => string;
  /** The headers with the key, asked for at every call. @throws {ModelError} `auth` when there is no key */
  readonly authorize?: () => Promise<Readonly<Record<string, string>>>;
}

/** The vendor, or the address of the caller's own; a key goes along where one is given or the vendor wants one. */
export function vendorAddress(
  vendor: { readonly provider: string; readonly baseURL: string; readonly keyVariable?: string },
  path: string,
  { apiKey, baseURL = vendor.baseURL, allowInsecure }: VendorOptions,
): Address {
  const { provider, keyVariable } = vendor;
  const place = checkBaseURL(baseURL, { allowInsecure });
  const url = (): string => place + path;
  if (apiKey === undefined && keyVariable === undefined) return { place, url };
  let known: ReturnType<typeof bearerFrom> | undefined;
  // A key that cannot change makes the same header for every call.
  const authorize = (): ReturnType<typeof bearerFrom> =>
    (known = (typeof apiKey === "string" && known) || bearerFrom({ apiKey, env: keyVariable ?? "", provider }));
  return { place, url, authorize };
}
