import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VERSION } from "../src/util/version.js";

test("the library knows the version of its package", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  expect(VERSION).toBe(manifest.version);
});
