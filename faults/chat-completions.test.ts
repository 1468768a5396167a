import { chatCompletions } from "./protocols/chat-completions.ts";
import { testFaults } from "./test-faults.ts";

testFaults(chatCompletions);
