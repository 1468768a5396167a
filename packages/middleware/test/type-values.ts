// For tests: values of a shape, and every way to change one of them in one place.
import { isDeepStrictEqual } from "node:util";
import type { Property, Shape } from "./type-shape.ts";

/** From 0 to 1. */
type Random = () => number;

/** A value that differs in one place: in which one, and the member of a type that was changed there. */
export interface Change {
  readonly path: string;
  readonly member: string | undefined;
  readonly value: unknown;
}

const deepest = 9;

/** A value as the shape says; below a depth without what may be absent. */
export function sample(shape: Shape, random: Random, depth = 0): unknown {
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
  switch (shape.kind) {
    case "literal":
      return shape.value;
    case "string":
      return pick(["", "a", "é 𝄞", "42", '"', "\\", "a,b", "null", String(random())]);
    case "number":
      return pick([0, 1, -1, 0.1, 1e21, 42, random()]);
    case "boolean":
      return random() < 0.5;
    case "json":
      return depth > deepest || random() < 0.7
        ? pick<unknown>([null, true, false, 0, 1.5, "", "x", "1", "null", [], {}])
        : pick<unknown>([[sample(shape, random, depth + 1)], { x: sample(shape, random, depth + 1) }]);
    case "jsonObject":
      return random() < 0.2 ? {} : { [pick(["a", "b", "type"])]: sample({ kind: "json" }, random, depth + 1) };
    case "bytes":
      return Uint8Array.from({ length: Math.floor(random() * 4) }, () => Math.floor(random() * 256));
    case "url":
      return new URL(`https://example.com/${random()}`);
    case "circumstance":
      return () => {};
    case "union":
      return sample(pick(shape.members), random, depth);
    case "list":
      return Array.from({ length: depth > deepest ? 0 : Math.floor(random() * 3) }, () =>
        sample(shape.item, random, depth + 1),
      );
    case "record":
      return random() < 0.3 ? {} : { [pick(["openai", "anthropic"])]: sample(shape.value, random, depth + 1) };
    default:
      return Object.fromEntries(
        shape.properties
          .filter(({ optional }) => !optional || (depth < deepest && random() < 0.5))
          .map(({ key, shape }) => [key, sample(shape, random, depth + 1)]),
      );
  }
}

/** The value with one thing in it other, absent or more, at every depth and in every way that its type allows. */
export function changes(shape: Shape, value: unknown, random: Random): Change[] {
  return changesAt(shape, value, random, "", undefined).filter((change) => !isDeepStrictEqual(change.value, value));
}

function changesAt(shape: Shape, value: unknown, random: Random, path: string, member: string | undefined): Change[] {
  const other = (shape: Shape): Change[] => [{ path, member, value: sample(shape, random, deepest) }];
  switch (shape.kind) {
    case "literal":
    case "circumstance":
      return [];
    case "union": {
      const own = shape.members.find((member) => fits(member, value));
      const others = shape.members.filter((member) => member !== own).flatMap(other);
      return own ? [...changesAt(own, value, random, path, member), ...others] : others;
    }
    case "list": {
      const items = value as readonly unknown[];
      const inner = items.flatMap((item, place) =>
        around(changesAt(shape.item, item, random, `${path}[${place}]`, member), (value) => items.with(place, value)),
      );
      const fewer = items.map((_, place) => ({
        path: `${path} without [${place}]`,
        member,
        value: items.toSpliced(place, 1),
      }));
      const more = { path: `${path} and one more`, member, value: [...items, sample(shape.item, random, deepest)] };
      return [...inner, ...fewer, more, { path: `${path} turned round`, member, value: items.toReversed() }];
    }
    case "record": {
      const members = value as Readonly<Record<string, unknown>>;
      const inner = Object.entries(members).flatMap(([key, item]) =>
        around(changesAt(shape.value, item, random, `${path}.${key}`, member), (value) => ({
          ...members,
          [key]: value,
        })),
      );
      return [
        ...inner,
        ...other(shape),
        { path: `${path}.more`, member, value: { ...members, more: sample(shape.value, random) } },
      ];
    }
    case "object":
      return shape.properties.flatMap((property) => ofProperty(property, value as Members, random, path));
    default:
      return other(shape);
  }
}

/** The same changes of what is around. */
function around(changes: readonly Change[], put: (value: unknown) => unknown): Change[] {
  return changes.map(({ path, member, value }) => ({ path, member, value: put(value) }));
}

type Members = Readonly<Record<string, unknown>>;

function ofProperty(
  { key, name, optional, shape }: Property,
  members: Members,
  random: Random,
  path: string,
): Change[] {
  const at = `${path}.${key}`;
  if (!(key in members))
    return [{ path: at, member: name, value: { ...members, [key]: sample(shape, random, deepest) } }];
  const { [key]: value, ...rest } = members;
  const inner = around(changesAt(shape, value, random, at, name), (value) => ({ ...members, [key]: value }));
  return optional ? [...inner, { path: `${path} without .${key}`, member: name, value: rest }] : inner;
}

/** Whether a value is of a shape, as far as it takes to tell the members of a union apart. */
function fits(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case "literal":
      return value === shape.value;
    case "string":
    case "number":
    case "boolean":
      return typeof value === shape.kind;
    case "bytes":
      return value instanceof Uint8Array;
    case "url":
      return value instanceof URL;
    case "circumstance":
      return typeof value === "function";
    case "union":
      return shape.members.some((member) => fits(member, value));
    case "list":
      return Array.isArray(value) && value.every((item) => fits(shape.item, item));
    case "json":
      return true;
    case "jsonObject":
    case "record":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return (
        typeof value === "object" &&
        value !== null &&
        shape.properties.every(({ key, optional, shape }) =>
          key in value ? fits(shape, (value as Members)[key]) : optional,
        )
      );
  }
}

/** The members of all types that a shape is made of. */
export function membersIn(shape: Shape): Set<string> {
  const members = new Set<string>();
  const visit = (shape: Shape): void => {
    if (shape.kind === "union") shape.members.forEach(visit);
    else if (shape.kind === "list") visit(shape.item);
    else if (shape.kind === "record") visit(shape.value);
    else if (shape.kind === "object") {
      for (const { name, shape: inner } of shape.properties) {
        // What is always the same goes with its object, and an object is changed by its members. What is run is not asked.
        if (!["literal", "object", "circumstance"].includes(inner.kind)) members.add(name);
        visit(inner);
      }
    }
  };
  visit(shape);
  return members;
}
