/** Scripts that complete command lines in shells, made from the commands themselves. */
import type { Command, Option } from "commander";
import type { ExampleKind } from "./bundled.js";

export const SHELLS = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof SHELLS)[number];

/** A command, with the words that lead to it. */
interface Entry {
  readonly path: readonly string[];
  readonly command: Command;
}

/** Names of bundled examples, which stand for files. */
export type ExampleNames = Readonly<Record<ExampleKind, readonly string[]>>;

/** @param program with all commands and their options */
export function completionScript(shell: Shell, program: Command, examples: ExampleNames): string {
  const entries = entriesOf(program, []);
  if (shell === "fish") return fishScript(entries, examples);
  // zsh runs completions of bash.
  const head = shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
  return head + bashScript(entries, examples);
}

function entriesOf(command: Command, path: readonly string[]): Entry[] {
  const own = { path, command };
  return [own, ...command.commands.flatMap((inner) => entriesOf(inner, [...path, inner.name()]))];
}

function flagsOf(command: Command): string[] {
  return [...command.options.flatMap(({ long }) => long ?? []), "--help"];
}

/** What a first argument may be. A sweep takes scenarios too, for its tornado. */
function argumentsOf({ path, command }: Entry, { scenario, sweep }: ExampleNames): readonly string[] {
  const [argument] = command.registeredArguments;
  if (argument?.argChoices !== undefined) return argument.argChoices;
  if (argument?.name() !== "file") return [];
  return path[0] === "sweep" ? [...sweep, ...scenario] : scenario;
}

function hasChoices(option: Option): option is Option & { readonly argChoices: string[]; readonly long: string } {
  return option.argChoices !== undefined && option.long !== undefined;
}

function bashScript(entries: readonly Entry[], examples: ExampleNames): string {
  const cases = entries.map((entry) => {
    const inner = entry.command.commands.map((command) => command.name());
    const words = [...inner, ...argumentsOf(entry, examples), ...flagsOf(entry.command)].join(" ");
    return `    "${entry.path.join(" ")}") words="${words}" ;;`;
  });
  const values = entries.flatMap(({ path, command }) =>
    command.options
      .filter(hasChoices)
      .map(({ long, argChoices }) => `    "${[...path, long].join(" ")}") words="${argChoices.join(" ")}" ;;`),
  );
  const inner = entries.filter(({ path }) => path.length > 0).map(({ path }) => `"${path.join(" ")}"`);
  return `_heddle() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" words="" word
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
    case "\${path:+$path }$word" in
      ${inner.join("|")}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  case "\${path:+$path }$previous" in
${values.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _heddle heddle
`;
}

function fishScript(entries: readonly Entry[], examples: ExampleNames): string {
  const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = entries.flatMap((entry) => {
    const { path, command } = entry;
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    const when = path.length === 0 ? "__fish_use_subcommand" : seen;
    const words = command.commands.map(
      (inner) => `complete -c heddle -n ${quoted(when)} -a ${inner.name()} -d ${quoted(inner.description())}`,
    );
    const names = argumentsOf(entry, examples);
    const files = names.length === 0 ? [] : [`complete -c heddle -n ${quoted(when)} -a ${quoted(names.join(" "))}`];
    const options = command.options.flatMap((option) => {
      if (option.long === undefined) return [];
      const takes = option.required || option.optional ? " -r" : "";
      const choices = option.argChoices === undefined ? "" : ` -f -a ${quoted(option.argChoices.join(" "))}`;
      const long = option.long.replace(/^--/, "");
      return [`complete -c heddle -n ${quoted(when)} -l ${long}${takes}${choices} -d ${quoted(option.description)}`];
    });
    return [...words, ...files, ...options];
  });
  return `${lines.join("\n")}\n`;
}
