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

const { launch } = await import("./launch.js");
await launch(process.argv.slice(2), new URL("./command.js", import.meta.url), (listener) => {
  onInterrupt = listener ?? endInterrupted;
});

export {};
