import type { Json } from "@plugboard/core";
import { membersOf, pathText } from "./json-path.ts";
import type { JsonPath } from "./json-path.ts";

/** A value that knows which of it was looked at. */
export interface Watched {
  /** The same value, for a reader that asks for members by their names. */
  readonly json: Json;
  /** What nobody has asked for, each as high up as it can be told. What says nothing is not told: null, and empty lists and objects. */
  readonly unread: () => JsonPath[];
}

/** Watches a value being read: for readers that can tell by themselves all that they make nothing of. */
export function watched(json: Json): Watched {
  const read = new Map<object, Set<string>>();
  const views = new Map<object, object>();

  function view(value: Json | undefined): Json | undefined {
    if (typeof value !== "object" || value === null) return value;
    const known = views.get(value);
    if (known) return known as Json;
    const asked = new Set<string>();
    read.set(value, asked);
    const made = new Proxy(value, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof name !== "string" || !Object.hasOwn(target, name)) return member;
        asked.add(name);
        return view(member as Json);
      },
    });
    views.set(value, made);
    return made;
  }

  function unreadBelow(value: Json | undefined, path: JsonPath): JsonPath[] {
    if (typeof value !== "object" || value === null) return [];
    const asked = read.get(value);
    return membersOf(value).flatMap(([name, member]) => {
      const at = [...path, name];
      if (isNothing(member)) return [];
      return asked?.has(String(name)) ? unreadBelow(member, at) : [at];
    });
  }

  return { json: view(json)!, unread: () => unreadBelow(json, []) };
}

function isNothing(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && membersOf(value).length === 0;
}

/** Paths that none of those told begins, as losses have them. */
export function untold(unread: readonly JsonPath[], told: readonly { readonly path: string }[]): JsonPath[] {
  const texts = told.map(({ path }) => path);
  return unread.filter((path) => {
    const text = pathText(path);
    return !texts.some((each) => text === each || text.startsWith(`${each}.`) || text.startsWith(`${each}[`));
  });
}
