import { access } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { readScenarioText } from "../support/input.js";
import { addVerboseOption } from "../support/options.js";
import { linkTo } from "../support/page-link.js";
import { isLoopback, servePage } from "../support/page-server.js";

interface Options {
  readonly port: number;
  readonly host: string;
}

/** The page, beside the program's own files. */
const PAGE = new URL("../../web/", import.meta.url);

export function define(command: Command, env: Environment): void {
  command
    .argument("[file]", "scenario to begin with: a path, - for standard input, or the name of a bundled example")
    .option("--port <number>", "where it listens; 0 for any that is free", parsePort, 8321)
    .option("--host <address>", "where it listens; other machines reach it only where this says so", "127.0.0.1");
  addVerboseOption(command).action((file: string | undefined, options: Options) => serve(file, options, env));
}

/** @throws InvalidArgumentError */
function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65536) return Number(text);
  throw new InvalidArgumentError("Write a number from 0 to 65535.");
}

async function serve(file: string | undefined, { host, port }: Options, env: Environment): Promise<void> {
  await access(PAGE).catch(() => {
    throw new InputError("the page has not been built: npm run build:web makes it");
  });
  const link = file === undefined ? "" : linkTo((await readScenarioText(file, env)).text, env.version);
  const page = await servePage(PAGE, host, port);
  if (!isLoopback(host)) env.stderr.write(`warning: other machines can reach ${host}; the page has no password\n`);
  env.stdout.write(`${page.url}${link}\n`, "data");
  env.stderr.write("heddle: serving the playground; Ctrl-C ends it\n");
  await env.heedInterrupts(
    ({ signal, windUp }) =>
      new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => {
          windUp();
          resolve(page.close());
        });
      }),
  );
}
