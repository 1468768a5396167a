import type { RunnableTool, ToolContext } from "./define-tool.ts";
import type { ToolCallPart, ToolResultPart } from "./part.ts";
import type { Repeats } from "./repeats.ts";
import type { Tool } from "./tool.ts";
import { ModelError } from "./error.ts";
import { issuesAsText } from "./issues-as-text.ts";
import { toolOutput } from "./tool-output.ts";

/** A call that is to be approved: its arguments as the schema gives them, and the tool. */
export interface PendingCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly tool: RunnableTool;
}

/** Says whether a call may run. */
export type Approve = (call: PendingCall) => boolean | Promise<boolean>;

/** How a step of calls is answered. */
export interface ToolRules {
  readonly tools: readonly Tool[];
  readonly repeats: Repeats;
  readonly approve: Approve | undefined;
  /** Characters of arguments that are still looked at. */
  readonly inputLimit: number;
  readonly onInvalid: "return" | "throw";
}

/** What becomes of a call: it runs, perhaps once it is approved; it is answered at once; or it is left to the caller. */
export type PreparedCall = { readonly call: ToolCallPart } & (
  | { readonly act: "run"; readonly tool: Executable; readonly input: unknown; readonly ask: boolean }
  | { readonly act: "refuse"; readonly why: string }
  | { readonly act: "leave" }
);

const notApproved = "This call was not approved. Do not try it again unless you are told to.";

type Executable = RunnableTool & Required<Pick<RunnableTool, "execute">>;

/**
 * Checks the calls of a step, before any of them runs.
 *
 * @throws {ModelError} `parse` for a model that goes round in circles and, if so asked, for arguments that do not fit
 */
export function prepareCalls(calls: readonly ToolCallPart[], rules: ToolRules): Promise<PreparedCall[]> {
  const tools = calls.map(({ name }) => rules.tools.find((tool) => tool.type !== "provider" && tool.name === name));
  for (const [place, call] of calls.entries()) rules.repeats.count(call, tools[place] !== undefined);
  return Promise.all(calls.map((call, place) => prepareCall(call, tools[place], rules)));
}

async function prepareCall(call: ToolCallPart, tool: Tool | undefined, rules: ToolRules): Promise<PreparedCall> {
  if (!tool) {
    const names = rules.tools.flatMap((known) => (known.type === "provider" ? [] : [known.name]));
    return { call, act: "refuse", why: `There is no tool "${call.name}". The tools are: ${names.join(", ")}.` };
  }
  const checked = await check(call, tool, rules);
  if ("why" in checked) {
    if (rules.onInvalid === "return") return { call, act: "refuse", why: checked.why };
    throw new ModelError(`The model called the tool "${call.name}" wrongly. ${checked.why}`, { code: "parse" });
  }
  if (!isExecutable(tool)) return { call, act: "leave" };

  const { input } = checked;
  const needed = await tool.needsApproval(input);
  if (needed && !rules.approve) return { call, act: "leave" };
  return { call, act: "run", tool, input, ask: rules.approve !== undefined && needed !== false };
}

/** The arguments as the schema gives them; of a tool that only tells of itself, as they came. */
async function check(
  call: ToolCallPart,
  tool: Tool,
  { inputLimit }: ToolRules,
): Promise<{ readonly input: unknown } | { readonly why: string }> {
  if (call.invalid) return { why: "The arguments are not JSON." };
  if (call.raw !== undefined && call.raw.length > inputLimit) {
    return { why: `The arguments are longer than ${inputLimit} characters.` };
  }
  if (!isRunnable(tool)) return { input: call.input };
  try {
    const checked = await tool.parse(call.input);
    return "issues" in checked
      ? { why: `The arguments do not fit: ${issuesAsText(checked.issues)}.` }
      : { input: checked.value };
  } catch {
    return { why: "The arguments could not be checked." };
  }
}

/**
 * Answers the calls of a step that are not left to the caller: asks for approval one by one, then runs them side by side.
 * The results are in the order of the calls.
 *
 * @throws what `approve` throws, and a tool that throws a `ModelError` of code `aborted`
 */
export async function answerCalls(
  calls: readonly PreparedCall[],
  approve: Approve | undefined,
  context: Omit<ToolContext, "callId">,
): Promise<ToolResultPart[]> {
  const answers: (() => Promise<ToolResultPart>)[] = [];
  for (const prepared of calls) {
    if (prepared.act === "leave") continue;
    const { call } = prepared;
    if (prepared.act === "refuse") answers.push(() => Promise.resolve(failed(call, prepared.why)));
    else {
      const { tool, input, ask } = prepared;
      const { id, name } = call;
      if (ask && !(await approve!({ id, name, input, tool }))) {
        answers.push(() => Promise.resolve(failed(call, notApproved)));
      } else answers.push(() => run(call, tool, input, { callId: id, ...context }));
    }
    // Nobody is asked, and nothing runs, once the call is over.
    context.signal.throwIfAborted();
  }
  return Promise.all(answers.map((answer) => answer()));
}

async function run(
  call: ToolCallPart,
  tool: Executable,
  input: unknown,
  context: ToolContext,
): Promise<ToolResultPart> {
  try {
    const output = toolOutput(await tool.execute(input, context));
    return { type: "tool-result", id: call.id, name: call.name, output };
  } catch (error) {
    if (error instanceof ModelError && error.code === "aborted") throw error;
    return failed(call, error instanceof Error ? error.message : String(error));
  }
}

function failed({ id, name }: ToolCallPart, output: string): ToolResultPart {
  return { type: "tool-result", id, name, output, isError: true };
}

/** Whether a tool can check its arguments, and not only tell of itself. */
function isRunnable(tool: Tool): tool is RunnableTool {
  return "parse" in tool && typeof tool.parse === "function";
}

function isExecutable(tool: Tool): tool is Executable {
  return isRunnable(tool) && tool.execute !== undefined;
}
