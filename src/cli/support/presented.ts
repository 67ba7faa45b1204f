import type { Environment, Output } from "./environment.js";
import { withoutRawControls } from "./terminal.js";
import { presenter } from "./terminal-text.js";

/**
 * Text as the stream can show it; on a terminal nothing but the program itself moves the cursor.
 */
export function presented(output: Output, variables: Environment["variables"]): Output {
  const shown = presenter(output, variables);
  return {
    write: (text, kind) => output.write(shown(output.isTerminal ? withoutRawControls(text) : text, kind)),
    isTerminal: output.isTerminal,
    hasColor: output.hasColor,
    get columns() {
      return output.columns;
    },
  };
}
