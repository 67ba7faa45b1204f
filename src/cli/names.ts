/** Names in one column, what they mean in the next. */
export function formatNames(entries: readonly { readonly name: string; readonly description: string }[]): string {
  const width = Math.max(0, ...entries.map(({ name }) => name.length));
  return entries.map(({ name, description }) => `${`${name.padEnd(width)}  ${description}`.trimEnd()}\n`).join("");
}
