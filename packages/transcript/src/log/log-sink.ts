/** Where lines of a log go. One at a time is written to. */
export interface LogSink {
  /** Takes lines, each of them whole, without the end of line. */
  write(lines: readonly string[]): Promise<void>;
  /** Resolves once what was written is safe. */
  flush?(): Promise<void>;
  /** Lets go of what it holds. */
  close?(): Promise<void>;
}
