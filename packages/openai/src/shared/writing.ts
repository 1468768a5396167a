import type { FilePart, JsonObject, Owned, ProviderData, Warning } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { mergeProviderOptions, ownersOf } from "@plugboard/wire";
import type { LegalNames } from "@plugboard/wire";

/** What every dialect says of its vendor, whatever the protocol. */
export interface Vendor {
  /** Who is called and billed; the key of `providerData` and `providerOptions`. */
  readonly provider: string;
  /** Whose `providerData` and `providerOptions` it understands besides its own. */
  readonly accepts?: readonly string[];
  /** Media types it reads; a trailing `*` stands for anything. @default PNG, JPEG, GIF and WebP */
  readonly files?: readonly string[];
}

/** What is known while a request is written. */
export interface Writing<Dialect extends Vendor = Vendor> {
  readonly dialect: Dialect;
  readonly model: string;
  /** What rules are sent as. */
  readonly systemRole: "system" | "developer";
  readonly names: LegalNames;
  readonly warnings: Warning[];
}

export function warn({ warnings }: Writing, code: "adapted" | "dropped", path: string, message: string): void {
  warnings.push({ code, path, message });
}

export function unsupported({ dialect, model }: Pick<Writing, "dialect" | "model">, message: string): ModelError {
  return new ModelError(message, { code: "unsupported", provider: dialect.provider, model });
}

/** The data that this vendor wants handed back. Data of others is left out, with a warning where it says something. */
export function ownData(owned: Owned, path: string, writing: Writing): JsonObject | undefined {
  const { providerData } = owned;
  if (!providerData) return undefined;
  const own = pick(providerData, writing.dialect);
  const others = ownersOf(providerData).filter((name) => !understands(writing.dialect, name));
  if (others.length > 0 && !own)
    warn(writing, "dropped", path, `Data of ${others.join(", ")} means nothing to ${writing.dialect.provider}.`);
  return own;
}

/** What of `data` is for this vendor; its own goes over that of others it understands. */
export function pick(data: ProviderData, dialect: Vendor): JsonObject | undefined {
  let own: JsonObject | undefined;
  for (const name of [...(dialect.accepts ?? []), dialect.provider]) {
    const more = data[name];
    if (more) own = mergeProviderOptions(own ?? {}, more);
  }
  return own;
}

export function understands({ provider, accepts = [] }: Vendor, name: string): boolean {
  return name === provider || accepts.includes(name);
}

/** Whether a vendor reads files of a type. */
export function reads(
  { files = ["image/png", "image/jpeg", "image/gif", "image/webp"] }: Vendor,
  { mediaType, data }: FilePart,
): boolean {
  const type = mediaType.toLowerCase();
  return files.some(
    (accepted) =>
      accepted === type ||
      (accepted.endsWith("*") && type.startsWith(accepted.slice(0, -1))) ||
      (data instanceof URL && type === "image/*" && accepted.startsWith("image/")),
  );
}
