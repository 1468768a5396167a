import type { Json, JsonObject, Message, ModelResult, Prompt, Tool } from "@plugboard/core";
import { isSecretName, itemsAt, objectAt, refusedField, textAt } from "@plugboard/wire";
import type { FileStore } from "../file-store.ts";
import { migrated } from "../plugboard/migrate.ts";
import type { VersionedForm } from "../plugboard/migrate.ts";
import { readContent, writeContent } from "../plugboard/parts.ts";
import { StoredFiles } from "../plugboard/stored-file.ts";
import { toolAsData } from "../plugboard/tool-as-data.ts";
import type { LoggedCall } from "./logged-call.ts";
import { withoutKeys } from "./without-keys.ts";

/** What stands in every line of a log. */
const callForm = "plugboard.call";

/** The version that is written; there is no older one yet. */
const callVersions: VersionedForm = { version: 1, migrations: [] };

/** A call as a line of a log. Files stand in it once each by their hash, or in the store. */
export async function writeCall(call: LoggedCall, store?: FileStore): Promise<JsonObject> {
  return JSON.parse(await lineOf(call, store)) as JsonObject;
}

/** The text of such a line: every call that is recorded goes through here, so it is made JSON of once. */
export async function lineOf(call: LoggedCall, store?: FileStore): Promise<string> {
  const files = new StoredFiles(store);
  const { request, result, ...rest } = call;
  const line = {
    format: callForm,
    version: callVersions.version,
    ...rest,
    request: await promptAsData(request, files),
    ...(result && { result: await writeResult(result, files) }),
    ...(Object.keys(files.embedded).length > 0 && { files: files.embedded }),
  };
  return JSON.stringify(line);
}

async function writeResult(result: ModelResult, files: StoredFiles): Promise<object> {
  const { content, headers } = result;
  return {
    ...result,
    content: await writeContent(content, files),
    // Those of an answer are not all a secret: request ids, rate limits.
    ...(headers && { headers: Object.fromEntries(Object.entries(headers).map(withoutSecret)) }),
  };
}

function withoutSecret([name, value]: [string, string]): [string, Json] {
  return [name, withoutKeys(value, isSecretName(name))];
}

/** A question as data: its files by their hashes, its tools without what runs them, its settings without keys. */
export async function writePrompt(prompt: Prompt, files: StoredFiles): Promise<JsonObject> {
  // Members that are `undefined` are not there.
  return JSON.parse(JSON.stringify(await promptAsData(prompt, files))) as JsonObject;
}

async function promptAsData(prompt: Prompt, files: StoredFiles): Promise<object> {
  const { messages, tools, providerOptions, ...settings } = prompt;
  const written: object[] = [];
  for (const message of messages) written.push({ ...message, content: await writeContent(message.content, files) });
  const told = tools && { tools: tools.map(toolWithoutKeys) };
  const asked = providerOptions && { providerOptions: withoutKeys(providerOptions) };
  return { messages: written, ...told, ...settings, ...asked };
}

/** The schema of what a function takes has names of its own, which hold nothing; what a provider's tool is set to may hold keys. */
function toolWithoutKeys(tool: Tool): JsonObject {
  const { options, providerData, ...told } = toolAsData(tool);
  return {
    ...told,
    ...(options !== undefined && { options: withoutKeys(options) }),
    ...(providerData !== undefined && { providerData: withoutKeys(providerData) }),
  };
}

/**
 * A call from a line of a log.
 *
 * @throws {ModelError} `invalid-request` that names the field and what was expected
 */
export async function readCall(json: Json, store?: FileStore): Promise<LoggedCall> {
  const asked = objectAt(json, "line");
  if (asked["format"] !== callForm) throw refusedField("format", JSON.stringify(callForm), asked["format"]);
  const { format: _, version: __, files: embedded, request, result, ...rest } = migrated(asked, callVersions);
  const files = new StoredFiles(store, embedded);
  for (const name of ["id", "provider", "model"]) textAt(rest[name], name);
  const { outcome } = rest;
  if (outcome !== "finished" && outcome !== "failed" && outcome !== "cancelled")
    throw refusedField("outcome", "finished, failed or cancelled", outcome);
  if (outcome === "finished") objectAt(result, "result");
  // Its members have been looked at.
  return {
    ...rest,
    request: await readPrompt(objectAt(request, "request"), files),
    ...(result !== undefined && { result: await readResult(objectAt(result, "result"), files) }),
  } as unknown as LoggedCall;
}

async function readPrompt({ messages, ...settings }: JsonObject, files: StoredFiles): Promise<Prompt> {
  const read: Message[] = [];
  for (const [place, value] of itemsAt(messages, "request.messages").entries()) {
    const path = `request.messages[${place}]`;
    const message = objectAt(value, path);
    const role = textAt(message["role"], `${path}.role`) as Message["role"];
    if (!["system", "user", "assistant", "tool"].includes(role))
      throw refusedField(`${path}.role`, "system, user, assistant or tool", role);
    const content = await readContent(message["content"], role, `${path}.content`, files);
    read.push({ ...message, role, content } as Message);
  }
  return { ...settings, messages: read };
}

async function readResult(result: JsonObject, files: StoredFiles): Promise<ModelResult> {
  const content = await readContent(itemsAt(result["content"], "result.content"), "assistant", "result.content", files);
  return { ...result, content } as unknown as ModelResult;
}
