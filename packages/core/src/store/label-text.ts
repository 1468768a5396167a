/** Labels as a text: the same for the same labels in whatever order, another for others. */
export function labelText(labels: Readonly<Record<string, string>> | undefined): string {
  return labels === undefined ? "[]" : JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The labels that `labelText` wrote. */
export function readLabels(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(JSON.parse(text) as readonly (readonly [string, string])[]);
}
