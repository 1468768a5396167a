export { findResult } from "@plugboard/wire";
