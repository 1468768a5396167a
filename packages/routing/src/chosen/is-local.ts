/** A model, as far as it says where it is. */
export interface Placed {
  readonly id: string;
  readonly fingerprint: string;
  readonly models: readonly Placed[];
}

/** Where an adapter sends what it is asked: to this machine, elsewhere, or nobody knows. */
export type Place = "here" | "elsewhere" | "unknown";

/** The adapters that may answer, and where each of them is, by the address in its fingerprint. */
export function placesOf(model: Placed): readonly { readonly id: string; readonly place: Place }[] {
  if (model.models.length > 0) return model.models.flatMap(placesOf);
  return [{ id: model.id, place: placeOf(model.fingerprint) }];
}

/** Whether all adapters that may answer are known to be on this machine. */
export function isLocal(model: Placed): boolean {
  return placesOf(model).every(({ place }) => place === "here");
}

/** `ollama:llama3.2@http://127.0.0.1:11434#chat/1`: what stands after the last `@`. */
function placeOf(fingerprint: string): Place {
  const address = /@(https?:\/\/[^#\s@]*)(?:#[^@]*)?$/.exec(fingerprint)?.[1];
  const host = address === undefined ? undefined : URL.parse(address)?.hostname;
  if (host === undefined) return "unknown";
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host)
    ? "here"
    : "elsewhere";
}
