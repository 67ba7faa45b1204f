/** Prints what a command answers, as JSON or as text. */

import { type Environment, kindOf } from "./environment.js";

/** @param text what people read; made only where it is printed */
export function printDocument(
  document: object,
  text: () => string,
  { json }: { readonly json?: boolean },
  env: Environment,
): void {
  env.stdout.write(json === true ? jsonOf(document) : text(), kindOf(json));
}

/** The document as files and standard output have it. */
export function jsonOf(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
