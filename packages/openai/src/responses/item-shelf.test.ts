import { expect, test } from "vitest";
import { itemShelves } from "./item-shelf.ts";

test("keeps items for their owner alone, as they were when they were put", () => {
  const shelves = itemShelves();
  const item = { id: "msg_1", type: "message", content: [{ type: "output_text", text: "Hello" }] };
  shelves.of("a").put(item);
  item.type = "changed";
  expect(shelves.of("a").find("msg_1")).toMatchObject({ type: "message", content: [{ text: "Hello" }] });
  expect(shelves.of("b").find("msg_1")).toBeUndefined();
  expect(shelves.of("a\nmsg_1").find("")).toBeUndefined();
});

test("keeps so many bytes of all together, and the newest of them", () => {
  const shelves = itemShelves({ bytes: 10_000 });
  for (let place = 0; place < 20; place++) shelves.of(String(place)).put({ id: "x", text: "y".repeat(1000) });
  const there = Array.from({ length: 20 }, (_, place) => shelves.of(String(place)).find("x") !== undefined);
  expect(there.indexOf(true)).toBe(16);
  expect(there.slice(16)).toEqual([true, true, true, true]);
  // What is put again is the newest, and counted once.
  for (let time = 0; time < 50; time++) shelves.of("16").put({ id: "x", text: "y".repeat(1000) });
  shelves.of("new").put({ id: "x", text: "y".repeat(1000) });
  expect(shelves.of("16").find("x")).toBeDefined();
  expect(shelves.of("17").find("x")).toBeUndefined();
  expect(shelves.of("18").find("x")).toBeDefined();
});

test("keeps nothing where it may not", () => {
  const shelf = itemShelves({ bytes: 0 }).of("a");
  shelf.put({ id: "x" });
  expect(shelf.find("x")).toBeUndefined();
  expect(() => itemShelves({ bytes: -1 })).toThrow("bytes");
});
