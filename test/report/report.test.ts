import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { simulate } from "../../src/index.js";
import { html, table } from "../../src/study/report/html.js";
import { reportPage } from "../../src/study/report/report.js";
import { heddle } from "../end-to-end/heddle.js";
import { CHROMIUM, startChromium } from "../package/chromium.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOSTILE = `<script>document.title="taken"</script>"'><img src=x onerror=alert(1)>&amp;`;

const FLOWS = {
  name: HOSTILE,
  topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8 },
  workload: { kind: "flows", pattern: "poisson", distribution: "web-search", load: 0.3, duration: "300us" },
};
const STEP = {
  name: "a step",
  topology: { kind: "rail-optimized", gpus: 16, gpusPerNode: 8, radix: 32, tiers: 2 },
  gpu: "h100",
  workload: {
    ...{ kind: "training-step", model: "llama-3-8b", sequence: 1024 },
    ...{ batch: { global: 2, micro: 1 }, parallel: { tp: 8, zero: 1 } },
  },
};

let flows: ResultDocument;
let other: ResultDocument;
beforeAll(async () => {
  flows = await simulate(FLOWS as never, { withFlows: true });
  other = await simulate({ ...FLOWS, name: "other", routing: { policy: "adaptive" } } as never);
});

describe("html", () => {
  it("escapes all that is put into it", () => {
    expect(html`<p title="${HOSTILE}">${HOSTILE}${[1, null, false, undefined, "<"]}</p>`.text).not.toMatch(
      /<(script|img)|title="[^"]*"'/,
    );
    expect(table("<", [{ title: "<" }], [["<"]]).text.match(/&lt;/g)).toHaveLength(3);
  });
});

describe("a report", () => {
  it("has what the result has, in one file that loads and runs nothing", async () => {
    const page = await reportPage([{ name: "a.json", result: flows }]);
    for (const title of [
      "Where the time went",
      "FCT slowdown",
      "Flow completion times",
      "Links",
      "Cost of the network",
    ]) {
      expect(page).toContain(`<h2>${title}</h2>`);
    }
    expect(page).toContain(flows.engine.digest);
    expect(page).toContain(flows.explanation[0]!.text);
    expect(page).not.toMatch(/<script|<img|<link|<iframe|javascript:|onerror=alert\(1\)>|href="http|@import|url\(h/);
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page.length).toBeLessThan(5e6);
  });

  it("has a training step's parts", async () => {
    const result = await simulate(STEP as never);
    const page = await reportPage([{ name: "step.json", result }]);
    expect(page).toContain("waits for tensor parallelism");
    expect(page).toContain("Memory of the GPU that holds most");
  });

  it("compares several results with the first", async () => {
    const given = [
      { name: "a.json", result: flows },
      { name: "b.json", result: other },
    ];
    const page = await reportPage(given, "two routings");
    expect(page).toContain("<title>two routings</title>");
    expect(page).toContain("routing.policy");
    expect(page).toMatch(/href="#run-2"[\s\S]*id="run-2"/);
  });

  it("says which result is not whole", async () => {
    const broken = { ...flows, packets: {} } as ResultDocument;
    await expect(reportPage([{ name: "x.json", result: broken }])).rejects.toThrow("x.json is not whole");
  });

  it("is a command", () => {
    const [input, page] = [join(folder, "a.json"), join(folder, "a.html")];
    writeFileSync(input, JSON.stringify(flows));
    expect(heddle(["report", input, "-o", page])).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(page, "utf8")).toMatch(/^<!doctype html>/);
    expect(heddle(["report", input])).toMatchObject({ code: 2 });
    expect(heddle(["report", join(folder, "none.json"), "-o", page]).stderr).toContain("cannot read");
  });

  it.skipIf(CHROMIUM === undefined)(
    "is read by a browser: no name in it does anything, nor is it wider than a phone",
    async () => {
      const path = join(folder, "page.html");
      writeFileSync(path, await reportPage([{ name: "a.json", result: flows }]));
      const browser = await startChromium();
      try {
        const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
        const wrong: string[] = [];
        page.on("console", (message) => wrong.push(message.text()));
        page.on("request", (request) => request.url().startsWith("file:") || wrong.push(request.url()));
        page.on("dialog", () => wrong.push("dialog"));
        await page.goto(`file://${path}`);
        expect(await page.title()).toBe(HOSTILE);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
        expect(wrong).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});
