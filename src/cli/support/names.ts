import { WIDTH, wrap } from "../../util/wrap.js";

/** Names in one column, what they mean in the next, in as many lines as it takes. */
export function formatNames(entries: readonly { readonly name: string; readonly description: string }[]): string {
  const width = Math.max(0, ...entries.map(({ name }) => name.length)) + 2;
  return entries
    .map(({ name, description }) => {
      const lines = wrap(description, WIDTH - width);
      return lines.map((line, i) => `${`${(i === 0 ? name : "").padEnd(width)}${line}`.trimEnd()}\n`).join("");
    })
    .join("");
}
