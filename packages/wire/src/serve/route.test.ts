import { expect, test } from "vitest";
import { routeOf } from "./route.ts";
import type { CountRoute } from "./route.ts";

const protocol: CountRoute["protocol"] = {
  name: "none",
  readRequest: () => ({ model: "", request: { messages: [] } }),
  writeResult: () => null,
  writeError: () => ({ status: 500, headers: {}, body: null }),
};
const plain: CountRoute = { kind: "count", path: /\/ask$/, protocol };
const named: CountRoute = { kind: "count", path: /\/models\/(?<model>[^/]+):ask$/, protocol };

test("the first route that fits is found, whatever stands before", () => {
  expect(routeOf([named, plain], "/base/v1/ask")?.route).toBe(plain);
  expect(routeOf([named, plain], "/ask/more")).toBeUndefined();
});

test("a model that the path names goes into the body, decoded", () => {
  const match = routeOf([named], "/models/a%2Fb:ask");
  expect(match?.named({ model: "other", say: "hi" })).toEqual({ model: "a/b", say: "hi" });
  expect(match?.named("no object")).toBe("no object");
  expect(routeOf([plain], "/ask")?.named({ say: "hi" })).toEqual({ say: "hi" });
});

test("a path that encodes nothing leads nowhere", () => {
  expect(routeOf([named], "/models/%zz:ask")).toBeUndefined();
});
