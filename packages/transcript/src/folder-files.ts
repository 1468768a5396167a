import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelError } from "@plugboard/core";
import type { FileStore } from "./file-store.ts";

/**
 * Keeps files of conversations in a folder, each once, under the SHA-256 of its bytes.
 *
 * @example
 * await convertFile("chats.json", "chats.jsonl", { from: aiSdkUiMessages, to: plugboardLines, files: folderFiles("files") });
 */
export function folderFiles(folder: string): FileStore {
  const pathOf = (sha256: string): string => {
    // It becomes the name of a file, so nothing else may stand there.
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      const shown = JSON.stringify(sha256.slice(0, 80));
      throw new ModelError(`\`sha256\` must be 64 hexadecimal digits; it is ${shown}.`, { code: "invalid-request" });
    }
    return join(folder, sha256);
  };
  return {
    async get(sha256) {
      try {
        return await readFile(pathOf(sha256));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    async put(sha256, bytes) {
      const path = pathOf(sha256);
      if (await exists(path)) return;
      await mkdir(folder, { recursive: true });
      const beside = `${path}.${process.pid}-${crypto.randomUUID().slice(0, 8)}.partial`;
      await writeFile(beside, bytes);
      await rename(beside, path);
    },
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
