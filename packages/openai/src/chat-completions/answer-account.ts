import type { Finish, Json, SourcePart, Usage } from "@plugboard/core";
import { sourceOf } from "../shared/answer-media.ts";
import { readUsage } from "../shared/usage.ts";
import type { WireChoice, WireChunk } from "./chunk.ts";

const none: readonly SourcePart[] = [];

/** What chunks say of the answer as a whole; what comes last counts. */
export class AnswerAccount {
  #usage: Usage = {};
  #sources: readonly SourcePart[] = none;
  #told: Record<string, Json> | undefined;
  #logprobs: Json[] | undefined;

  get usage(): Usage {
    return this.#usage;
  }

  /** Those without a place in the text. */
  get sources(): readonly SourcePart[] {
    return this.#sources;
  }

  /** @returns whether it tells of usage */
  take(chunk: WireChunk, choice: WireChoice | undefined): boolean {
    if (choice?.logprobs?.content) (this.#logprobs ??= []).push(...(choice.logprobs.content as Json[]));
    const { service_tier: tier, system_fingerprint: fingerprint } = chunk;
    if (typeof tier === "string") this.#tell("service_tier", tier);
    if (typeof fingerprint === "string" && fingerprint !== "") this.#tell("system_fingerprint", fingerprint);
    if (chunk.search_results) {
      this.#sources = chunk.search_results.flatMap((found) => (found ? sourceOf(found.url, found.title) : []));
    } else if (chunk.citations) this.#sources = chunk.citations.flatMap((url) => sourceOf(url, undefined));

    const counts = chunk.usage ?? chunk.x_groq?.usage;
    if (!counts) return false;
    this.#usage = readUsage(counts);
    if (typeof counts.cost === "number") this.#tell("cost", counts.cost);
    return true;
  }

  /** The members of the finish. */
  finish(provider: string): Pick<Finish, "usage" | "providerData"> {
    if (this.#logprobs) this.#tell("logprobs", this.#logprobs);
    return { usage: this.#usage, ...(this.#told && { providerData: { [provider]: this.#told } }) };
  }

  #tell(name: string, value: Json): void {
    (this.#told ??= {})[name] = value;
  }
}
