import { expect, test } from "vitest";
import { readArguments } from "./read-arguments.ts";
import { UsageError } from "./usage-error.ts";

test("reads the three forms", () => {
  expect(readArguments([])).toEqual({ form: "simulated" });
  expect(readArguments(["--recorded", "records"])).toEqual({ form: "recorded", folder: "records", all: false });
  expect(readArguments(["--recorded", "records", "--all"])).toEqual({ form: "recorded", folder: "records", all: true });
  expect(readArguments(["--live"])).toEqual({ form: "live" });
  expect(readArguments(["-h"])).toEqual({ form: "help" });
});

test.for([["--wat"], ["records"], ["--recorded"], ["--all"], ["--recorded", "records", "--live"]])(
  "says what is wrong with %j",
  (given) => expect(() => readArguments(given)).toThrow(UsageError),
);
