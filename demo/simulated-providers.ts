import { catalog, cost } from "plugboard";
import type { Model, ModelRequest, NanoDollars, Usage } from "plugboard";
import { ollama } from "@plugboard/ollama";
import { openai } from "@plugboard/openai";
import { together } from "@plugboard/openai/compatible";
import { simulate } from "@plugboard/testing";
import { countTokens } from "@plugboard/tokens";
import { contestants } from "./contestants.ts";
import type { Contestant } from "./contestants.ts";
import { questionIn } from "./world.ts";
import type { Participant, Task, World } from "./world.ts";

/** What a simulated model says to a question. */
export interface Saying {
  readonly text: string;
  /** Tokens of the answer, where the text is not all of it. @default a token for four characters */
  readonly tokens?: number;
}

export interface SimulatedProvidersOptions {
  readonly tasks: readonly Task[];
  readonly say: (contestant: Contestant, task: Task) => Saying;
  /** How many times faster than the models it goes. */
  readonly speedUp: number;
}

/** The part of a world that the providers are: three of them on this machine, behind the real adapters. */
export type SimulatedProviders = Pick<
  World,
  "participants" | "standby" | "price" | "cutPrimary" | "requests" | "metered" | "close" | "speedUp"
> & { readonly contestantOf: (participant: Participant) => Contestant };

const adapters: Readonly<Record<Contestant["provider"], (id: string, url: string) => Model>> = {
  openai: (id, url) => openai(id, { baseURL: `${url}/v1`, apiKey: "simulated" }),
  together: (id, url) => together(id, { baseURL: `${url}/v1`, apiKey: "simulated" }),
  ollama: (id, url) => ollama(id, { baseURL: url }),
};

/** Starts a server on this machine that answers as the three models, over their providers' wire formats. */
export async function simulatedProviders({
  tasks,
  say,
  speedUp,
}: SimulatedProvidersOptions): Promise<SimulatedProviders> {
  const byQuestion = new Map(tasks.map((task) => [task.question, task]));
  const [primary] = contestants;
  let cut: Task | undefined;

  function answer(contestant: Contestant, request: ModelRequest): { text: string; usage?: Usage } {
    const { text, tokens } = say(contestant, byQuestion.get(questionIn(request))!);
    return { text, ...(tokens !== undefined && { usage: { output: tokens } }) };
  }

  const simulator = await simulate({
    seed: "plugboard",
    models: Object.fromEntries(
      contestants.map((contestant) => [
        contestant.id,
        {
          answer: (request: ModelRequest) => answer(contestant, request),
          pace: {
            first: contestant.firstToken / speedUp,
            spread: 0.2,
            tokensPerSecond: contestant.tokensPerSecond * speedUp,
          },
          fault: ({ request }: { readonly request?: ModelRequest }) =>
            cut && contestant === primary && request && questionIn(request) === cut.question
              ? ({ type: "cut", at: Math.ceil(say(primary, cut).text.length / 2) } as const)
              : undefined,
        },
      ]),
    ),
  });

  // The application's own prices, over the catalogue's; GPT-4o has the catalogue's.
  const overrides: Record<string, Record<string, { prices: Contestant["price"] }>> = {};
  for (const { provider, id, price } of contestants.slice(1)) overrides[provider] = { [id]: { prices: price } };
  const { quote: price } = catalog({ overrides });
  const priced = cost(price, { count: countTokens });

  const participants = contestants.map((contestant): Participant => ({
    name: contestant.name,
    about: contestant.role,
    model: adapters[contestant.provider](contestant.id, simulator.url).with(priced),
  }));

  return {
    participants,
    standby: participants[1]!,
    price,
    speedUp,
    contestantOf: (participant) => contestants[participants.indexOf(participant)]!,
    cutPrimary(task) {
      cut = task;
      return () => {
        cut = undefined;
      };
    },
    requests: () => simulator.requests.length,
    async metered() {
      await simulator.idle();
      return simulator.requests.reduce((sum, { model, usage }) => sum + billOf(model, usage), 0);
    },
    close: () => simulator.close(),
  };
}

/** A bill by the simulator's own meter and the contestants' price lists: nothing of the library's is used. */
function billOf(id: string, { input = 0, output = 0 }: Usage = {}): NanoDollars {
  const { price } = contestants.find((contestant) => contestant.id === id)!;
  // A dollar for a million tokens is a thousand nano-dollars for one; rounded up once, as bills are.
  return Math.ceil((input * Math.round(price.input * 1e6) + output * Math.round(price.output * 1e6)) / 1000);
}
