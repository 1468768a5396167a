import { UsageError, flag } from "../command.ts";
import type { Command } from "../command.ts";
import { dim } from "../terminal.ts";
import { usualConfig, usualFiles } from "../usual-config.ts";

/** `plugboard gateway`: serves what a configuration says, until it is told to end. */
export const gatewayCommand: Command = {
  name: "gateway",
  summary: "Serve models to clients of OpenAI, Anthropic and Gemini, as a file says.",
  usage: "gateway [file] [--check] [--new-key] [--json]",
  options: { check: { type: "boolean" }, "new-key": { type: "boolean" }, json: { type: "boolean" } },
  help: {
    "new-key": "make a key for a client, and its hash for the file; serve nothing",
    check: "say what is wrong with the file, and serve nothing",
    json: "where it listens, as JSON on stdout",
  },
  async run(given, { out, error, signal }) {
    if (flag(given, "new-key")) {
      const { newKey } = await import("@plugboard/gateway");
      out.write(`${JSON.stringify(newKey(), undefined, flag(given, "json") ? undefined : 2)}\n`);
      return 0;
    }
    const [path = usualConfig(), ...more] = given.words;
    if (more.length > 0) throw new UsageError("Give one file.");
    if (path === undefined) throw new UsageError(`Give a file; there is none of ${usualFiles.join(", ")} here.`);
    const { loadConfig, runGateway } = await import("@plugboard/gateway/config");
    if (flag(given, "check")) {
      await loadConfig(path);
      error.write(`${path} is right.\n`);
      return 0;
    }

    const { server, ended, stop } = await runGateway(path);
    signal.addEventListener("abort", stop, { once: true });
    if (flag(given, "json")) out.write(`${JSON.stringify({ url: server.url })}\n`);
    error.write(`${dim("listening on", error)} ${server.url}\n`);
    await ended;
    error.write(`${dim("ended, with nothing left under way", error)}\n`);
    return 0;
  },
};
