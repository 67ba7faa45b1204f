/** The playground as `heddle serve` gives it, looked at in Chromium: each state that a person can bring it to. */
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkTo } from "../../src/cli/support/page-link.js";
import { type ServedPage, servePage } from "../../src/cli/support/page-server.js";
import { simulate, VERSION } from "../../src/index.js";
import { CHROMIUM, startChromium } from "./chromium.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Small, so that runs end at once. */
const TEXT = `# Two leaves.
name: small
topology: { kind: leaf-spine, gpus: 16, gpusPerNode: 2, radix: 8 }
transport: { kind: roce, rto: 100us }
workload: { kind: collective, collective: all-reduce, algorithm: ring, size: 1MiB } # a ring
`;

let browser: Browser;
let served: ServedPage;
let page: Page;
/** What the page complained about, and where else it wanted to go. */
const complaints: string[] = [];

/** However busy the machine is. */
const PATIENCE_MS = 110_000;
const eventually = <T>(ask: () => T | Promise<T>) => expect.poll(ask, { timeout: PATIENCE_MS, interval: 50 });

if (CHROMIUM === undefined) console.log("not run: the playground: there is no Chromium on this machine");

describe.skipIf(CHROMIUM === undefined)("the playground", () => {
  beforeAll(async () => {
    served = await servePage(pathToFileURL(`${ROOT}dist/web/`), "127.0.0.1", 0);
    browser = await startChromium();
    page = await browser.newPage({ viewport: { width: 1200, height: 760 } });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(served.url) && !/^(data|blob):/.test(url)) complaints.push(`asked for ${url}`);
    });
    await page.goto(served.url + linkTo(TEXT, VERSION));
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const statuses = () => page.locator(".status").allTextContents();
  /** Both runs have ended. */
  const settled = () =>
    page.waitForFunction(() =>
      [...document.querySelectorAll(".status")].every(({ textContent }) => /done|fail|refused/.test(textContent!)),
    );
  const shown = async () => Number(await page.getByRole("slider", { name: "Simulated time" }).inputValue());
  const picture = (pane = 0) => page.locator(".stage canvas").nth(pane);
  const pixels = (pane = 0) => picture(pane).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const digestOfLink = () => new URLSearchParams(new URL(page.url()).hash.slice(1)).get("d");

  test("moves by itself, and comes to the result of the library", async () => {
    await page.waitForFunction(() => /delivered/.test(document.querySelector(".figures")?.textContent ?? ""));
    const before = await pixels();
    await page.waitForFunction((old) => {
      const canvas = document.querySelector(".stage canvas") as HTMLCanvasElement;
      return canvas.toDataURL() !== old;
    }, before);
    await settled();
    await page.keyboard.press("e");
    const result = await simulate({
      name: "small",
      topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 2, radix: 8 },
      transport: { kind: "roce", rto: "100us" },
      workload: { kind: "collective", collective: "all-reduce", algorithm: "ring", size: "1MiB" },
    });
    await eventually(() => page.locator(".results").textContent()).toContain(result.engine.digest);
    expect(await page.locator(".results").textContent()).toContain("Where the time went");
  });

  test("follows the critical path when asked", async () => {
    await page.getByRole("button", { name: "Follow the critical path" }).click();
    await eventually(() => page.locator(".results .bars").count()).toBe(2);
  });

  test("goes back and forth in time, by slider and keys", async () => {
    await page.locator(".play").click();
    await page.keyboard.press("Home");
    await eventually(shown).toBe(0);
    const begin = await pixels();
    await page.getByRole("slider", { name: "Simulated time" }).fill("500");
    await eventually(pixels).not.toBe(begin);
    await page.getByRole("slider", { name: "Simulated time" }).fill("0");
    await eventually(pixels).toBe(begin);
  });

  test("breaks the link that is chosen, at the instant that is shown, beside the unbroken run", async () => {
    await picture().focus();
    await page.keyboard.press("ArrowRight");
    await eventually(() => page.locator(".inspector").textContent()).toContain("gpu-0 – leaf-0");
    await page.getByRole("button", { name: "Break for a while" }).click();
    await settled();
    expect(await page.locator(".pane").count()).toBe(2);
    expect((await statuses())[1]).toMatch(/^done in .*\(\+\d/);
    expect(await page.locator(".results").textContent()).toContain("Packets lost");
    // The fault is in the text, whose comments are still there.
    const text = await page.locator(".cm-content").textContent();
    expect(text).toMatch(/link-down, from: gpu-0, to: leaf-0, at: \d+ns, until: \d+ns/);
    expect(text).toContain("# a ring");
  });

  test("mends it, degrades it, and drops the changes", async () => {
    await picture(1).focus();
    await page.keyboard.press("m");
    await settled();
    expect((await statuses())[1]).toMatch(/\(\+0\.0 %\)$/);
    await page.keyboard.press("d");
    await settled();
    expect((await statuses())[1]).toMatch(/\(\+[1-9]/);
    await page.getByRole("button", { name: "Drop changes" }).click();
    expect(await page.locator(".pane").count()).toBe(1);
  });

  test("changes routing and flow control beside the first run", async () => {
    await expect
      .poll(() => page.getByRole("combobox", { name: "Routing" }).locator("option").count())
      .toBeGreaterThan(5);
    await page.getByRole("combobox", { name: "Routing" }).selectOption("spray");
    await settled();
    await page.getByRole("combobox", { name: "Flow control" }).nth(1).selectOption("credit");
    await settled();
    expect(await page.locator(".cm-content").textContent()).toMatch(/policy: spray.*kind: credit/s);
  });

  test("tells errors at their lines, and completes by the schema", async () => {
    await page.getByRole("button", { name: "Drop changes" }).click();
    const content = page.locator(".cm-content");
    await content.click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("rou");
    await eventually(() => page.locator(".cm-tooltip-autocomplete").textContent()).toContain("routing");
    // A key that comes too soon after the list does not choose from it; a click does.
    await page
      .locator(".cm-tooltip-autocomplete li", { hasText: /^routing/ })
      .first()
      .click();
    await page.keyboard.type("{ policy: nonsense }");
    await eventually(() => page.locator(".cm-lintRange-error").count()).toBeGreaterThan(0);
    for (let i = 0; i < 10; i++) await page.keyboard.press("Backspace");
    await page.keyboard.type("pinned }");
    await eventually(() => page.locator(".cm-lintRange-error").count()).toBe(0);
    await settled();
  });

  test("has the scenario in its link, which another page opens", async () => {
    await page.getByRole("button", { name: "Copy link" }).click();
    await eventually(digestOfLink).toMatch(/^[0-9a-f]{16}$/);
    const other = await browser.newPage();
    other.setDefaultTimeout(PATIENCE_MS);
    await other.goto(`${page.url()}&embed=1&theme=dark&autoplay=0`);
    await other.waitForFunction(() => /done/.test(document.querySelector(".status")?.textContent ?? ""));
    expect(await other.locator(".notice").isHidden()).toBe(true);
    expect(await other.locator(".head").isHidden()).toBe(true);
    expect(await other.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
    await other.goto(`${served.url}?again#v=1&s=damaged`);
    await eventually(() => other.locator(".notice").textContent()).toContain("damaged");
    await other.close();
  });

  test("has a gallery, and a page for phones", async () => {
    await page.getByRole("button", { name: "Gallery" }).click();
    await page.locator("[data-preset=pause-storm]").click();
    await eventually(() => page.locator(".name").textContent()).toBe("pause-storm");
    await settled();
    await page.setViewportSize({ width: 380, height: 720 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(380);
  });

  test("needs nothing that its content policy forbids, and asks nobody else", () => {
    expect(complaints).toEqual([]);
  });
});

test("the server gives its files alone, and to this machine alone", async () => {
  const page = await servePage(pathToFileURL(`${ROOT}dist/web/`), "127.0.0.1", 0);
  const ask = async (path: string, init?: RequestInit) => (await fetch(page.url + path, init)).status;
  expect(await ask("")).toBe(200);
  expect(await ask("main.js")).toBe(200);
  expect(await ask("..%2Fpackage.json")).toBe(404);
  expect(await ask("%2e%2e/package.json")).toBe(404);
  expect(await ask("none.js")).toBe(404);
  expect(await ask("", { method: "POST", body: "x" })).toBe(405);
  const { headers } = await fetch(page.url);
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  await page.close();
});
