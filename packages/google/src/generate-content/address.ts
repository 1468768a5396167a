import type { ApiKey } from "@plugboard/wire";
import { checkBaseURL, keyFrom } from "@plugboard/wire";
import type { GenerateContentDialect } from "./dialect.ts";

/** A model, and what the application says of where it is and who calls. */
export interface Located {
  readonly id: string;
  readonly dialect: GenerateContentDialect;
  readonly key: ApiKey | undefined;
  readonly baseURL: string | URL | undefined;
}

/** Where requests of a model go, and what lets them in. */
export interface Address {
  /** Before the name of a method: `…/models/gemini-2.5-flash`. */
  readonly place: string;
  /** The headers with the key, asked for at every call. @throws {ModelError} `auth` when there is no key */
  readonly authorize: () => Promise<Record<string, string>>;
}

/** @throws {ModelError} `invalid-request` for a base URL that is none */
export function addressOf({ id, dialect, key: apiKey, baseURL = dialect.baseURL }: Located): Address {
  const { provider, auth, key } = dialect;
  return {
    place: checkBaseURL(baseURL) + pathOf(id, dialect),
    async authorize() {
      const secret = await keyFrom({ apiKey, env: key.variables, option: key.option, provider });
      return { [auth.header]: `${auth.scheme ?? ""}${secret.reveal()}` };
    },
  };
}

/** The model's name where a body wants it: `models/gemini-2.5-flash`. */
export function resourceOf(id: string): string {
  return id.includes("/") ? id : `models/${id}`;
}

/** An id may be a path: `models/gemini-2.5-flash`, `tunedModels/mine`. */
function pathOf(id: string, { models, paths }: GenerateContentDialect): string {
  const steps = id
    .replace(/^models\//, "")
    .split("/")
    .map(encodeURIComponent);
  return `${steps.length === 1 ? models : paths}${steps.join("/")}`;
}
