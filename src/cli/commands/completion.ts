import { Argument, type Command } from "commander";
import { type ExampleKind, exampleNames } from "../support/bundled.js";
import { completionScript, SHELLS, type Shell } from "../support/completion.js";
import type { Environment } from "../support/environment.js";

const HELP = `
Load it where your shell starts:
  bash   eval "$(heddle completion bash)"                    in ~/.bashrc
  zsh    eval "$(heddle completion zsh)"                     in ~/.zshrc
  fish   heddle completion fish > ~/.config/fish/completions/heddle.fish`;

export function define(command: Command, env: Environment, program: () => Promise<Command>): void {
  command
    .addArgument(new Argument("<shell>", "shell to write it for").choices(SHELLS))
    .addHelpText("after", HELP)
    .action(async (shell: Shell) => {
      const namesOf = (kind: ExampleKind) => exampleNames(env.examplesUrl, kind);
      const [scenario, sweep] = await Promise.all([namesOf("scenario"), namesOf("sweep")]);
      env.stdout.write(completionScript(shell, await program(), { scenario, sweep }), "data");
    });
}
