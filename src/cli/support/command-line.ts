/** What can be told of a command line before anything is loaded. */

export function asksForHelp(args: readonly string[]): boolean {
  return args.length === 0 || args[0] === "help" || args.includes("--help") || args.includes("-h");
}

/** The command that a command line names first; undefined where it names none. */
export function namedIn(args: readonly string[]): string | undefined {
  return args.find((argument) => !argument.startsWith("-") && argument !== "help");
}
