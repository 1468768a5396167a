import type { StandardIssue } from "./standard-schema.ts";

/** How many issues are told; the rest are counted. */
const told = 5;

/** The first issues of a check, each with its place: "`items[2].name` Invalid input: expected string, received number". */
export function issuesAsText(issues: readonly StandardIssue[]): string {
  const lines = issues.slice(0, told).map(({ path, message }) => {
    const place = placeOf(path ?? []);
    return place === "" ? message : `\`${place}\` ${message}`;
  });
  if (issues.length > told) lines.push(`and ${issues.length - told} more`);
  return lines.join("; ");
}

function placeOf(path: NonNullable<StandardIssue["path"]>): string {
  let place = "";
  for (const segment of path) {
    const key = typeof segment === "object" ? segment.key : segment;
    if (typeof key === "number") place += `[${key}]`;
    else place += place === "" ? String(key) : `.${String(key)}`;
  }
  return place;
}
