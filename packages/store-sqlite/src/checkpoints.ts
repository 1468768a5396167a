import { Worker } from "node:worker_threads";

/** Transactions between two: some thousand pages of the journal, about what SQLite would wait for. */
const every = 200;

/** What the thread does. As text, so that it needs no file of its own wherever this package is bundled. */
const program = `
const { DatabaseSync } = require("node:sqlite");
const { parentPort, workerData } = require("node:worker_threads");
const database = new DatabaseSync(workerData.path);
database.exec("PRAGMA busy_timeout = 0; PRAGMA synchronous = " + workerData.synchronous);
const checkpoint = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
parentPort.on("message", (message) => {
  if (message === "close") {
    database.close();
    parentPort.close();
    return;
  }
  try {
    checkpoint.get();
  } catch {
    // Another process does it, or the disk is full: who commits next is told that.
  }
  parentPort.postMessage("done");
});`;

/**
 * Brings what was committed from the journal into the file, in a thread of its own: that waits for the disk, and the process does not.
 * What is committed is in the journal already, so nothing is lost with the thread; where there can be none, SQLite does the same by
 * itself, later.
 */
export class Checkpoints {
  readonly #options: { readonly path: string; readonly synchronous: "normal" | "full" };
  #worker: Worker | undefined;
  #commits = 0;
  #isBusy = false;
  #isOver = false;

  constructor(options: { readonly path: string; readonly synchronous: "normal" | "full" }) {
    const { path, synchronous } = options;
    this.#options = { path, synchronous };
    this.#isOver = path === ":memory:";
  }

  /** A transaction was committed. */
  committed(): void {
    if (++this.#commits < every || this.#isBusy || this.#isOver) return;
    this.#commits = 0;
    this.#isBusy = true;
    this.#worker ??= this.#start();
    this.#worker?.postMessage("checkpoint");
  }

  close(): void {
    this.#isOver = true;
    this.#worker?.postMessage("close");
  }

  #start(): Worker | undefined {
    try {
      const worker = new Worker(program, { eval: true, workerData: this.#options, execArgv: ["--no-warnings"] });
      worker.on("message", () => (this.#isBusy = false));
      worker.on("error", () => (this.#isOver = true));
      worker.unref();
      return worker;
    } catch {
      this.#isOver = true;
      return undefined;
    }
  }
}
