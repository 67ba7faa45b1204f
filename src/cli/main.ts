#!/usr/bin/env node
/**
 * The `heddle` program. Takes signals before anything else is loaded, so this file imports nothing
 * at its head. A command runs in a thread of its own: whatever it does, the process can be ended.
 */
const INTERRUPTED = 130;

function endInterrupted(): void {
  process.stderr.write("heddle: interrupted\n");
  process.exit(INTERRUPTED);
}

let onInterrupt: () => void = endInterrupted;
process.on("SIGINT", () => onInterrupt());
process.on("SIGTERM", () => onInterrupt());

/** What a newer Node has to keep compiled code between processes. */
interface CompileCache {
  enableCompileCache?(): unknown;
  getCompileCacheDir?(): string | undefined;
}

/**
 * Keeps the program's compiled code where Node does by itself, unless NODE_DISABLE_COMPILE_CACHE is
 * set. The threads of the process learn of it by their environment.
 */
function keepCompiledCode(): void {
  const cache = process.getBuiltinModule?.("node:module") as CompileCache | undefined;
  cache?.enableCompileCache?.();
  const folder = cache?.getCompileCacheDir?.();
  if (folder !== undefined) process.env.NODE_COMPILE_CACHE ??= folder;
}

keepCompiledCode();
const { launch } = await import("./launch.js");
await launch(process.argv.slice(2), new URL("./thread.cjs", import.meta.url), (listener) => {
  onInterrupt = listener ?? endInterrupted;
});

export {};
