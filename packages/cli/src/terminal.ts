/** Where a command reads and writes: the process, or what a test stands in for it. */
export interface Terminal {
  /** What was asked for goes here, and nothing else. */
  readonly out: Writing;
  /** Progress, warnings and failures go here. */
  readonly error: Writing;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
  /** What is piped in; `undefined` where a person sits at the keys. */
  readonly input?: (() => Promise<string>) | undefined;
}

/** One of the two ways out. */
export interface Writing {
  /** Writes as it comes, without a line end of its own. */
  readonly write: (text: string) => void;
  /** Whether a person looks at it, so that colours are of use. */
  readonly colours: boolean;
}

/** The terminal of this process. Colours are off in pipes, and where `NO_COLOR` is set (https://no-color.org). */
export function processTerminal(signal: AbortSignal): Terminal {
  return {
    out: { write: (text) => void process.stdout.write(text), colours: seesColours(process.stdout) },
    error: { write: (text) => void process.stderr.write(text), colours: seesColours(process.stderr) },
    env: process.env,
    signal,
    ...(!process.stdin.isTTY && { input: readInput }),
  };
}

function seesColours({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY === true && !process.env["NO_COLOR"];
}

async function readInput(): Promise<string> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const piece of process.stdin) text += String(piece);
  return text;
}

/** Text that stands back; plain where nobody sees colours. */
export function dim(text: string, { colours }: Writing): string {
  return colours ? `\u001B[2m${text}\u001B[22m` : text;
}
