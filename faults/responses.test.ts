import { responses } from "./protocols/responses.ts";
import { testFaults } from "./test-faults.ts";

testFaults(responses);
