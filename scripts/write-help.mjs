/** Writes docs/reference/commands.md: what every command's --help says. Run after the build. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

function helpOf(words) {
  const env = { ...process.env, COLUMNS: "80", NO_COLOR: "1" };
  return execFileSync(process.execPath, [at("dist/cli/main.js"), ...words, "--help"], { encoding: "utf8", env });
}

/** Names in the list of commands of a help text. */
function commandsIn(help) {
  const [, list = ""] = help.split(/^Commands:\n/m);
  return [...list.split(/^\S/m)[0].matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name]) => name).filter((it) => it !== "help");
}

function sectionsOf(words) {
  const help = helpOf(words);
  const title = words.length === 0 ? "heddle" : `heddle ${words.join(" ")}`;
  const own = [`## ${title}`, "", "```text", help.trimEnd(), "```", ""];
  return [...own, ...commandsIn(help).flatMap((name) => sectionsOf([...words, name]))];
}

const head = [
  "# Commands",
  "",
  "What `--help` says, written by `npm run docs`. [COMMANDS](../COMMANDS.md) has an example of each.",
  "",
];
writeFileSync(process.argv[2] ?? at("docs/reference/commands.md"), [...head, ...sectionsOf([])].join("\n"));
