import { messages } from "./protocols/messages.ts";
import { testFaults } from "./test-faults.ts";

testFaults(messages);
