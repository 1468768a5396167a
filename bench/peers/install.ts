import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Subject } from "../subject.ts";
import { peers } from "./subjects.ts";
import type { Peer } from "./subjects.ts";

const directory = fileURLToPath(new URL(".", import.meta.url));

/** The peers that are there, their subjects and versions; `absent` says why some are not. */
export interface Peers {
  readonly peers: readonly Peer[];
  readonly subjects: readonly Subject[];
  readonly versions: Readonly<Record<string, string>>;
  readonly absent?: string;
}

/** Installs them by their own lockfile, outside the workspace, when `install` says so, and loads them. */
export async function loadPeers({ install }: { readonly install: boolean }): Promise<Peers> {
  const none = { peers: [], subjects: [], versions: {} };
  if (install) {
    console.log("Installing the peers …\n");
    const options = ["--ignore-workspace", "--ignore-scripts", "--frozen-lockfile", "--reporter", "silent"];
    const { status } = spawnSync("npx", ["-y", "pnpm@12", "install", ...options], { cwd: directory, timeout: 300_000 });
    if (status !== 0) return { ...none, absent: "they could not be installed; is there a network?" };
  }
  if (!existsSync(new URL("node_modules", import.meta.url))) {
    return { ...none, absent: "they are not installed; `pnpm bench` does that" };
  }
  const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const subjects: Subject[] = [];
  for (const peer of peers) subjects.push(...(await peer.load()));
  return { peers, subjects, versions: dependencies };
}
