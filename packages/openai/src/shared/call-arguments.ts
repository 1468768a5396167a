export { callArguments } from "@plugboard/wire";
