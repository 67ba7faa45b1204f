/** Types of imports.js, which the compiler does not read. */
export function coreImports(memory: WebAssembly.Memory): WebAssembly.Imports;
