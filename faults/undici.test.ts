import { chatCompletions } from "./protocols/chat-completions.ts";
import { testFaults } from "./test-faults.ts";

// Those that are the transport's to survive.
testFaults(chatCompletions, "undici", ["connection", "truncation", "hang", "cancel", "bounds"]);
