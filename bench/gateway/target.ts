import type { ChildProcess } from "node:child_process";

/** Where calls go, and as whom. */
export interface Target {
  readonly name: string;
  readonly port: number;
  readonly model: string;
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The process that answers. */
  readonly child?: ChildProcess;
}
