/** Types of imports.js, which the compiler does not read. */
import type { PolicyHost } from "./policy-host.js";

/** @param policy What decides where routing is custom. */
export function coreImports(memory: WebAssembly.Memory, policy?: PolicyHost): WebAssembly.Imports;
