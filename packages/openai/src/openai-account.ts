import type { VendorOptions } from "./shared/vendor-address.ts";

/** What a model of OpenAI can be given. */
export interface OpenAIOptions extends VendorOptions {
  /** The organization that is billed, where a key belongs to several. */
  readonly organization?: string;
  /** The project that is billed. */
  readonly project?: string;
}

/** The options of any vendor, with the account in the headers. */
export function withAccount({ organization, project, ...rest }: OpenAIOptions): VendorOptions {
  const headers = {
    ...(organization !== undefined && { "openai-organization": organization }),
    ...(project !== undefined && { "openai-project": project }),
    ...rest.headers,
  };
  return { ...rest, headers };
}
