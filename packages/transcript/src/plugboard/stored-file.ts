import { ModelError } from "@plugboard/core";
import type { FilePart, Json, JsonObject } from "@plugboard/core";
import { bytesAt, objectAt, refusedField, textAt, toBase64 } from "@plugboard/wire";
import type { FormatContext, Loss } from "../format.ts";
import { sha256 } from "../sha256.ts";

/** Files of a line by the SHA-256 of their bytes: each stands in it once, or in a store. */
export class StoredFiles {
  /** In base64, by hash; what was read, or what is to be written. */
  readonly embedded: Record<string, Json> = {};
  readonly #store: FormatContext["files"];
  readonly #unread = new Set<string>();
  readonly #strange: Loss[] = [];

  constructor(store: FormatContext["files"], embedded: Json | undefined = {}) {
    this.#store = store;
    for (const [hash, data] of Object.entries(objectAt(embedded, "files"))) this.embedded[hash] = data ?? null;
    for (const hash of Object.keys(this.embedded)) this.#unread.add(hash);
  }

  /** Files of the line that nothing in it refers to, and what references have besides. */
  get losses(): Loss[] {
    const files = [...this.#unread].map((hash) => ({
      path: `files.${hash}`,
      what: "file",
      why: "Nothing in the line refers to it.",
    }));
    return [...files, ...this.#strange];
  }

  async write({ data, ...part }: FilePart): Promise<JsonObject> {
    return {
      ...part,
      data: data instanceof URL ? { url: data.href } : { sha256: await this.#keep(data) },
    };
  }

  async #keep(bytes: Uint8Array): Promise<string> {
    const hash = sha256(bytes);
    if (this.#store) await this.#store.put(hash, bytes);
    else this.embedded[hash] ??= toBase64(bytes);
    return hash;
  }

  /** @throws {ModelError} `invalid-request` for a file that is neither in the line nor in the store, and for one that is not what its hash says */
  async read(data: Json | undefined, path: string): Promise<FilePart["data"]> {
    const { url, sha256: hash, ...others } = objectAt(data, path);
    for (const name of Object.keys(others))
      this.#strange.push({ path: `${path}.${name}`, what: name, why: "A file is told by its URL or its hash alone." });
    if (typeof url === "string") {
      const parsed = URL.parse(url);
      if (!parsed) throw refusedField(`${path}.url`, "a URL", url);
      return parsed;
    }
    const wanted = textAt(hash, `${path}.sha256`);
    const embedded = this.embedded[wanted];
    this.#unread.delete(wanted);
    const bytes = embedded === undefined ? await this.#store?.get(wanted) : bytesAt(embedded, `files.${wanted}`);
    if (!bytes) {
      const where = this.#store
        ? "neither in the line nor in the store of files"
        : "not in the line, and no store of files was given";
      throw new ModelError(`\`${path}\` is the file ${wanted}, which is ${where}.`, { code: "invalid-request" });
    }
    if (sha256(bytes) !== wanted)
      throw new ModelError(`\`${path}\` is the file ${wanted}, whose bytes are others now.`, {
        code: "invalid-request",
      });
    return bytes;
  }
}
