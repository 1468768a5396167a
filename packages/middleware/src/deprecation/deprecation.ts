import type { AnyMiddleware, ModelKey, Notice, Warning } from "@plugboard/core";
import { isReply } from "../is-reply.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** A model that its provider is going to retire was called; told once for each in a process. */
    deprecated: { readonly provider: string; readonly model: string };
  }
}

/** What is told of once in a process, and not by every chain that an application makes: that is why it lives here. */
const told = new Set<string>();

/**
 * Says when a model that is called is going to be retired: each of its answers carries a warning `deprecated`, and a notice comes once
 * for each model in a process, also where attempts went to others.
 *
 * @param statusOf - where a model stands; `statusOf` of the catalogue fits
 * @example
 * const model = openai("gpt-4").with(deprecation(statusOf));
 * const { warnings } = await model.generate("hello"); // [{ code: "deprecated", message: "openai gpt-4 is going to be retired …" }]
 */
export function deprecation(statusOf: (model: ModelKey) => string | undefined): AnyMiddleware {
  return (model) => async (request) => {
    const { notify } = request;
    const warnings: Warning[] = [];

    function onNotice(notice: Notice): void {
      if (notice.type === "attempt" && notice.attempt.outcome === "running") look(notice.plan);
      notify?.(notice);
    }

    function look({ provider, id, catalogId }: ModelKey): void {
      if (statusOf({ provider, id, ...(catalogId !== undefined && { catalogId }) }) !== "deprecated") return;
      const name = `${provider} ${id}`;
      const message = `${name} is going to be retired by its provider: move to another model before it is.`;
      if (!warnings.some((warning) => warning.message === message)) warnings.push({ code: "deprecated", message });
      if (told.has(name)) return;
      told.add(name);
      notify?.({ type: "deprecated", provider, model: id });
    }

    const reply = await model.call({ ...request, notify: onNotice });
    if (warnings.length === 0) return reply;
    if (isReply(reply)) {
      reply.through("finish", (event, emit) => emit({ ...event, warnings: [...(event.warnings ?? []), ...warnings] }));
      return reply;
    }
    return withWarnings(reply, warnings);
  };
}

/** Results of other kinds are plain objects with a list of warnings; whatever is none passes as it is. */
function withWarnings<Reply>(reply: Reply, warnings: readonly Warning[]): Reply {
  if (typeof reply !== "object" || reply === null || !("warnings" in reply) || !Array.isArray(reply.warnings))
    return reply;
  return { ...reply, warnings: [...(reply.warnings as readonly Warning[]), ...warnings] };
}
