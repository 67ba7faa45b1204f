import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { HEADING, ncclSection } from "./nccl/report.js";

const PAGE = new URL("../../docs/VALIDATION.md", import.meta.url);

/** HEDDLE_WRITE_VALIDATION=1 writes the section instead, as `npm run validate` does. */
it("the page has the times of nccl-tests that heddle and NCCL's model give", { timeout: 120_000 }, async () => {
  const page = readFileSync(PAGE, "utf8");
  const section = await ncclSection();
  const before = page.includes(HEADING) ? page.slice(0, page.indexOf(HEADING)) : `${page.trimEnd()}\n\n`;
  if (process.env.HEDDLE_WRITE_VALIDATION === "1") writeFileSync(PAGE, before + section);
  else expect(page).toBe(before + section);
});
