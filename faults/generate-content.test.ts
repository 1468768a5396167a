import { generateContent } from "./protocols/generate-content.ts";
import { testFaults } from "./test-faults.ts";

testFaults(generateContent);
