import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/**
 * A test file that replaces modules or globals, or takes the debug core, changes its process for
 * all that follow. It gets a process of its own. The others share one on each core: to start a
 * process and to load the modules takes half a second of CPU time.
 */
const CHANGES_PROCESS = /\bvi\.(mock|hoisted|stub\w+)\(|useDebugCore|process\.chdir|process\.env\.\w+ = /;
const alone = readdirSync("test", { recursive: true, encoding: "utf8" })
  .map((file) => join("test", file))
  .filter((file) => file.endsWith(".test.ts") && CHANGES_PROCESS.test(readFileSync(file, "utf8")));

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    setupFiles: ["./test/support/seed.ts"],
    // By itself it leaves one core idle.
    maxWorkers: "100%",
    reporters: ["default", "./test/support/count-reporter.ts"],
    projects: [
      { extends: true, test: { name: "alone", include: alone } },
      { extends: true, test: { name: "shared", include: ["test/**/*.test.ts"], exclude: alone, isolate: false } },
    ],
  },
});
