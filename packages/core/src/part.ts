import type { Json, ProviderData } from "./json.ts";

/** What a provider wants handed back with a part, a message or a tool. */
export interface Owned {
  readonly providerData?: ProviderData;
}

/** Text, and where it says it comes from. */
export interface TextPart extends Owned {
  readonly type: "text";
  readonly text: string;
  readonly citations?: readonly Citation[];
}

/** What a model thought before it answered. Signatures and encrypted forms are in `providerData`. */
export interface ReasoningPart extends Owned {
  readonly type: "reasoning";
  readonly text: string;
}

/** A file sent to or made by a model. */
export interface FilePart extends Owned {
  readonly type: "file";
  /** An IANA media type, such as `image/png` or `application/pdf`. */
  readonly mediaType: string;
  /** The bytes, or a URL that is passed on to the provider and never fetched here. */
  readonly data: Uint8Array | URL;
  readonly filename?: string;
}

/** Something an answer rests on: a page of a search, a document. */
export interface SourcePart extends Owned {
  readonly type: "source";
  readonly id?: string;
  readonly url?: string;
  readonly title?: string;
  readonly mediaType?: string;
  readonly filename?: string;
}

/** Which source a text part rests on. */
export interface Citation {
  readonly source: SourcePart;
  /** UTF-16 offsets into the text of the part, where the provider gives them. */
  readonly start?: number;
  readonly end?: number;
  /** The passage of the source, as the provider quotes it. */
  readonly quote?: string;
}

/** A model asks for a tool. */
export interface ToolCallPart extends Owned {
  readonly type: "tool-call";
  readonly id: string;
  readonly name: string;
  /** The arguments, parsed; the bare text when `invalid`. */
  readonly input: Json;
  /** The arguments as the model wrote them, sent back byte for byte. */
  readonly raw?: string;
  /** Not JSON: never run, answered with an error result. */
  readonly invalid?: true;
  /** The provider, or a layer, runs it; its result follows in the same answer. */
  readonly executed?: true;
}

/** What a tool gave back. */
export interface ToolResultPart extends Owned {
  readonly type: "tool-result";
  /** The `id` of the call that it answers. */
  readonly id: string;
  readonly name: string;
  readonly output: string | readonly ToolOutputPart[];
  readonly isError?: boolean;
  readonly executed?: true;
}

/** A piece of what a tool gave back. */
export type ToolOutputPart = TextPart | FilePart | JsonPart;

/** A JSON value that a tool gave back. */
export interface JsonPart {
  readonly type: "json";
  readonly value: Json;
}

/** An item that only its provider understands; it survives replay. */
export interface OpaquePart {
  readonly type: "opaque";
  /** The provider's own name for it, such as `redacted_thinking`. */
  readonly kind: string;
  readonly providerData: ProviderData;
}

/** Everything an answer can be made of. */
export type AssistantPart =
  | TextPart
  | ReasoningPart
  | FilePart
  | SourcePart
  | ToolCallPart
  | ToolResultPart
  | OpaquePart;
