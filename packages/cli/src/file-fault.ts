import { getSystemErrorMap } from "node:util";

/** What people call the usual ones. */
const sentences: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "this user may not open it",
  EPERM: "this user may not do that",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  ENOSPC: "the disk is full",
  EROFS: "the disk can only be read",
};

/** A failure of the file system as a sentence that begins with the path; `undefined` for anything else. */
export function fileFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", errno = 0, path, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || path === undefined) return undefined;
  const why = sentences[code] ?? getSystemErrorMap().get(errno)?.[1] ?? code;
  return `${path}: ${why}.`;
}
