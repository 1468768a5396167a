import type { ModelRequest, ProviderModel } from "@plugboard/core";
import type { ApiKey, PreparedExchange, WireOptions } from "@plugboard/wire";
import type { DecodeContext } from "./answer-reader.ts";
import type { GenerateContentDialect } from "./dialect.ts";
import { checkBaseURL, defineProviderModel, keyFrom } from "@plugboard/wire";
import { answerDecoder, decodeAnswer } from "./decode.ts";
import { encodeRequest } from "./encode.ts";

/** A model, and where it is. */
export interface GenerateContentParts {
  readonly id: string;
  readonly dialect: GenerateContentDialect;
  readonly key: ApiKey | undefined;
  readonly baseURL: string | URL | undefined;
  readonly wire: WireOptions;
}

/** Raised whenever the same request is written, or the same answer read, in another way: it keeps cached answers apart. */
const mapping = 1;

/** A model behind the generate-content protocol, on the platform that the dialect describes. */
export function generateContentModel({
  id,
  dialect,
  key: apiKey,
  wire,
  ...parts
}: GenerateContentParts): ProviderModel {
  const { provider, auth, key } = dialect;
  const baseURL = checkBaseURL(parts.baseURL ?? dialect.baseURL);
  const place = baseURL + pathOf(id, dialect);

  async function authorize(): Promise<Record<string, string>> {
    const secret = await keyFrom({ apiKey, env: key.variables, option: key.option, provider });
    return { [auth.header]: `${auth.scheme ?? ""}${secret.reveal()}` };
  }

  function prepare(request: ModelRequest): PreparedExchange {
    const { body, warnings, names, hiddenReasoning } = encodeRequest(request, id);
    const context: DecodeContext = { provider, model: id, toolName: names.toOurs };
    const streamed = request.stream === true;
    return {
      url: `${place}:${streamed ? "streamGenerateContent?alt=sse" : "generateContent"}`,
      authorize,
      body,
      options: wire,
      warnings,
      ...(streamed && { stream: { framing: "sse", decoder: (head) => answerDecoder(head, context) } }),
      whole: (answer, head) => decodeAnswer(answer, head, context),
      hiddenReasoning,
    };
  }

  return defineProviderModel({ provider, id, fingerprint: `${provider}:${id}@${place}#${mapping}`, prepare });
}

/** An id may be a path: `models/gemini-2.5-flash`, `tunedModels/mine`. */
function pathOf(id: string, { models, paths }: GenerateContentDialect): string {
  const steps = id
    .replace(/^models\//, "")
    .split("/")
    .map(encodeURIComponent);
  return `${steps.length === 1 ? models : paths}${steps.join("/")}`;
}
