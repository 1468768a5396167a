import type { Ledger } from "@plugboard/core";
import { ledgerBookingRules } from "./ledger-booking-rules.ts";
import { ledgerRandomRules } from "./ledger-random-rules.ts";
import { ledgerReportRules } from "./ledger-report-rules.ts";
import { ledgerTimeRules } from "./ledger-time-rules.ts";
import { testRules } from "./rule.ts";
import type { CreateStore, Rule, TestStoreOptions } from "./rule.ts";

/**
 * Registers tests that any `Ledger` must pass.
 *
 * @example
 * testLedger("my ledger", ({ clock }) => myLedger({ clock }));
 */
export function testLedger(name: string, create: CreateStore<Ledger>, options: TestStoreOptions = {}): void {
  testRules(name, ledgerRules, create, options);
}

/** What `Ledger` promises, a rule each. */
export const ledgerRules: readonly Rule<Ledger>[] = [
  ...ledgerBookingRules,
  ...ledgerTimeRules,
  ...ledgerReportRules,
  ...ledgerRandomRules,
];
