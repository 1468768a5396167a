import { tierSchema, tieringSchema } from "@plugboard/routing/tiers";
import { z } from "zod";
import { parseDuration } from "./parse-duration.ts";
import { providerNames } from "./providers.ts";

/** An object of these members alone; one that is not among them is told which there are. */
function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `has no member ${issue.keys.join(", ")}; it may have ${Object.keys(shape).join(", ")}`
        : undefined,
  });
}

const duration = z.preprocess(
  parseDuration,
  z.number({ error: "must be milliseconds, or a text such as 250ms, 30s, 5m, 2h or 7d" }).min(0),
);
const count = z.int({ error: "must be a whole number" }).min(1, { error: "must be at least 1" });
const share = z.number().min(0).max(1);
const name = z.string().min(1);
const names = z.array(name);
const texts = z.record(z.string(), z.string());
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
  error: "must be the name of an environment variable, and not the key itself",
});

const budget = strict({
  usd: z.number().min(0).optional(),
  nanoDollars: z.int().min(0).optional(),
  per: names.optional(),
  window: z
    .union([z.enum(["total", "day", "month"]), strict({ rolling: duration })], {
      error: "must be total, day, month or { rolling: 1h }",
    })
    .optional(),
}).refine(({ usd, nanoDollars }) => (usd === undefined) !== (nanoDollars === undefined), {
  error: "must have one of usd and nanoDollars",
});
const budgets = z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(budget).min(1));

const layers = {
  retry: strict({
    attempts: count.optional(),
    delay: duration.optional(),
    maxDelay: duration.optional(),
    maxRetryAfter: duration.optional(),
  }),
  timeout: strict({
    attempt: duration.optional(),
    first: duration.optional(),
    idle: duration.optional(),
    total: duration.optional(),
  }),
  cache: strict({ ttl: duration.optional(), scope: names.optional(), toolCalls: z.boolean().optional() }),
  singleFlight: strict({ scope: names.optional() }),
  circuitBreaker: strict({
    ratio: share.optional(),
    calls: count.optional(),
    window: duration.optional(),
    open: duration.optional(),
  }),
  concurrency: strict({ limit: count, queue: z.int().min(0).optional(), wait: duration.optional() }),
  rateLimit: strict({
    requests: count.optional(),
    tokens: count.optional(),
    inputTokens: count.optional(),
    outputTokens: count.optional(),
    window: duration.optional(),
    per: names.optional(),
    wait: duration.optional(),
  }),
  budget: strict({ limit: budgets }),
};
const layerNames = Object.keys(layers).join(", ");
const optionalLayers = Object.fromEntries(
  Object.entries(layers).map(([name, schema]) => [name, z.preprocess((value) => value ?? {}, schema).optional()]),
);
// `- retry` is short for `- retry: {}`.
const layer = z.preprocess(
  (value) => (typeof value === "string" ? { [value]: {} } : value),
  strict(optionalLayers).refine((value) => Object.keys(value).length === 1, { error: `must be one of ${layerNames}` }),
);

const model = strict({
  provider: z.enum(providerNames).optional(),
  model: name.optional(),
  kind: z.enum(["chat", "embedding"]).optional(),
  key: variable.optional(),
  baseURL: z.string().optional(),
  catalogId: name.optional(),
  options: z.record(z.string(), z.unknown()).optional(),
  fallback: names.min(1).optional(),
  continueMidStream: z.boolean().optional(),
  balance: z
    .array(
      z.union([name, strict({ model: name, weight: z.number().positive() })], {
        error: "must be a name, or { model, weight }",
      }),
    )
    .min(1)
    .optional(),
  by: z.enum(["weighted", "leastInFlight", "lowestLatency", "lowestCost"]).optional(),
  middleware: z.array(layer).optional(),
  fileURLs: z.enum(["public", "none", "any"]).optional(),
  hidden: z.boolean().optional(),
}).superRefine((entry, context) => {
  const given = (["provider", "fallback", "balance"] as const).filter((member) => entry[member] !== undefined);
  if (given.length !== 1)
    context.addIssue({ code: "custom", message: "must have one of provider, fallback and balance" });
  if (given[0] === "provider" && entry.model === undefined) {
    context.addIssue({ code: "custom", message: "must have model: what the provider calls it" });
  }
  if (given[0] !== "provider") {
    for (const member of ["model", "key", "baseURL", "catalogId", "options"] as const) {
      if (entry[member] !== undefined) {
        context.addIssue({ code: "custom", path: [member], message: "belongs to an entry with a provider" });
      }
    }
  }
});

const key = strict({
  name: z.string().regex(/^[\w.-]{1,100}$/, { error: "must be 1 to 100 letters, digits, `.`, `_` or `-`" }),
  hash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, { error: "must be sha256: and 64 hexadecimal digits, and not the key itself" }),
  models: names.optional(),
  budget: budgets.optional(),
  limits: strict({ requests: count.optional(), tokens: count.optional(), concurrent: count.optional() }).optional(),
  tags: texts.optional(),
  metrics: z.boolean().optional(),
});

const store = z.union(
  [
    z.literal("memory"),
    strict({ sqlite: name }),
    strict({ redis: z.union([name, strict({ env: variable })]), prefix: name.optional() }),
  ],
  {
    error: "must be memory, { sqlite: a file } or { redis: a URL or { env: a variable } }",
  },
);

const listen = strict({
  host: name.optional(),
  port: z.int().min(0).max(65_535).optional(),
  headersTimeout: duration.optional(),
  requestTimeout: duration.optional(),
  keepAliveTimeout: duration.optional(),
  stallTimeout: duration.optional(),
  maxHeaderBytes: count.optional(),
  maxConnections: count.optional(),
  proxies: z.int().min(0).optional(),
});

const config = strict({
  models: z.record(z.string(), model),
  tiers: z.record(name, tierSchema).optional(),
  tiering: tieringSchema.optional(),
  keys: z.union([z.literal("none"), z.array(key)], { error: "must be none, or a list of keys with name and hash" }),
  store: store.optional(),
  listen: listen.optional(),
  grace: duration.optional(),
  tags: texts.optional(),
  pass: names.optional(),
  showProviderErrors: z.boolean().optional(),
  maxBodyBytes: count.optional(),
  itemBytes: z.number().nonnegative().optional(),
  timeout: duration.optional(),
  lease: duration.optional(),
  cors: strict({ origins: names }).optional(),
  log: z.enum(["none", "requests", "content"]).optional(),
}).superRefine(({ models, tiers = {}, tiering = {} }, context) => {
  const issue = (path: readonly (string | number)[], message: string): void =>
    context.addIssue({ code: "custom", path: [...path], message });
  const others = (list: readonly (string | { readonly model: string })[], path: readonly string[]): void => {
    for (const [index, one] of list.entries()) {
      const other = typeof one === "string" ? one : one.model;
      if (Object.hasOwn(models, other)) continue;
      issue([...path, index], `names ${other}, which is none of the models: ${Object.keys(models).join(", ")}`);
    }
  };
  for (const [place, { fallback = [], balance = [] }] of Object.entries(models)) {
    others(fallback, ["models", place, "fallback"]);
    others(balance, ["models", place, "balance"]);
  }
  for (const [place, tier] of Object.entries(tiers)) {
    others([tier.models].flat(), ["tiers", place, "models"]);
    if (Object.hasOwn(models, place)) issue(["tiers", place], "has the name of a model; clients ask for both by name");
  }
  const taken =
    tiering.name !== undefined && (Object.hasOwn(models, tiering.name) || Object.hasOwn(tiers, tiering.name));
  if (taken) issue(["tiering", "name"], "is the name of a model or a tier");
});

/** What is wrong with a configuration, and where. */
export interface ConfigIssue {
  readonly path: readonly (string | number)[];
  /** Of members that there should not be. */
  readonly keys: readonly string[];
  readonly message: string;
}

/** A configuration with its durations in milliseconds, or what is wrong with it. */
export function checkConfig(
  value: unknown,
): { readonly config: unknown } | { readonly issues: readonly ConfigIssue[] } {
  const outcome = config.safeParse(value, { reportInput: true });
  if (outcome.success) return { config: outcome.data };
  return { issues: outcome.error.issues.flatMap((issue) => issuesOf(issue)) };
}

/** Of a union, those of the alternative that comes nearest. */
function issuesOf(issue: z.core.$ZodIssue, before: readonly PropertyKey[] = []): readonly ConfigIssue[] {
  const path = [...before, ...issue.path] as (string | number)[];
  if (issue.code === "invalid_union") {
    const deep = issue.errors.filter((errors) => errors.some((one) => one.path.length > 0));
    const [nearest] = deep.toSorted((a, b) => a.length - b.length);
    if (nearest) return nearest.flatMap((one) => issuesOf(one, path));
  }
  return [{ path, keys: issue.code === "unrecognized_keys" ? issue.keys : [], message: messageOf(issue) }];
}

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object with members",
  record: "an object with members",
};

function messageOf(issue: z.core.$ZodIssue): string {
  const { message } = issue;
  if (!/^(Invalid|Too|Expected|Unrecognized)/.test(message)) return message;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  if (issue.code === "invalid_type") {
    const wanted = kinds[issue.expected] ?? issue.expected;
    return issue.input === undefined ? `is missing: it must be ${wanted}` : `must be ${wanted}`;
  }
  if (issue.code === "too_small") return `must be at least ${issue.minimum}`;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}`;
  return message;
}
