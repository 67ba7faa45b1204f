/** `heddle serve` as a program: an address, the page behind it, and an end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

it("serves the page with the scenario in its address, until it is interrupted", async () => {
  const program = spawn(process.execPath, [MAIN, "serve", "hello", "--port", "0"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  program.stdout.setEncoding("utf8");
  const [line] = (await once(program.stdout, "data")) as [string];
  expect(line).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#v=1&s=[\w-]+&h=[\d.]+\n$/);
  const page = await fetch(line.replace(/#.*\n/, ""));
  expect(await page.text()).toContain("<title>heddle</title>");
  program.kill("SIGINT");
  expect(await once(program, "exit")).toEqual([0, null]);
});

it("refuses a port that is taken, and a scenario that is not there", async () => {
  const first = spawn(process.execPath, [MAIN, "serve", "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  first.stdout.setEncoding("utf8");
  const [line] = (await once(first.stdout, "data")) as [string];
  const run = async (...args: string[]) => {
    const program = spawn(process.execPath, [MAIN, "serve", ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    program.stderr.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    const [code] = (await once(program, "close")) as [number];
    return { code, text };
  };
  const taken = await run("--port", new URL(line).port);
  expect(taken).toMatchObject({ code: 2, text: expect.stringContaining("it is in use; write another --port") });
  expect(await run("nosuch")).toMatchObject({ code: 2, text: expect.stringContaining("there is no file") });
  first.kill("SIGINT");
  await once(first, "exit");
});
