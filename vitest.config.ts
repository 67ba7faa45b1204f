import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    setupFiles: ["./test/support/seed.ts"],
    // By itself it leaves one core idle.
    maxWorkers: "100%",
    reporters: ["default", "./test/support/count-reporter.ts"],
  },
});
