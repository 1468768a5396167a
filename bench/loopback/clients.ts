import { Agent, request } from "node:http";
import { request as undiciRequest } from "undici";
import type { Given, Subject } from "../subject.ts";
import { question } from "../subject.ts";
import { chat } from "../wires/chat.ts";

type Client = (origin: string) => () => Promise<Given>;

/** By name: how it calls a server. What others need is not loaded. */
export async function named(name: string): Promise<Client> {
  const byHand = handWritten[name];
  if (byHand) return byHand;
  const { floors } = await import("../floor.ts");
  const { transported } = await import("../plugboard.ts");
  const { peers } = await import("../peers/subjects.ts");
  const peer = peers.find((each) => each.name === name);
  const subjects: readonly Subject[] = peer ? await peer.load() : [...floors, ...transported];
  const subject = subjects.find((each) => each.name === name && each.wire === "chat" && each.generate);
  if (!subject) throw new Error(`Nobody is called ${name}.`);
  return (origin) => subject.generate!({ origin });
}

/** As far as the transports under ours can go. */
export const handWritten: Readonly<Record<string, Client>> = {
  "node:http, by hand"(origin) {
    const agent = new Agent({ keepAlive: true });
    return () =>
      new Promise((resolve, reject) => {
        const sent = request(origin + chat.path, { method: "POST", headers, agent }, (incoming) => {
          let text = "";
          incoming.setEncoding("utf8");
          incoming.on("data", (piece: string) => (text += piece));
          incoming.on("end", () => resolve(given(text)));
          incoming.on("error", reject);
        });
        sent.on("error", reject);
        sent.end(asked());
      });
  },
  "undici.request, by hand": (origin) => async () => {
    const { body } = await undiciRequest(origin + chat.path, { method: "POST", headers, body: asked() });
    return given(await body.text());
  },
};

const headers = { "content-type": "application/json", authorization: "Bearer key" };
const asked = (): string => JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: question }] });

interface Answer {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
  readonly usage: { readonly completion_tokens: number };
}

function given(text: string): Given {
  const { choices, usage } = JSON.parse(text) as Answer;
  return { text: choices[0]!.message.content, tokens: usage.completion_tokens };
}
