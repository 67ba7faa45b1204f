/** Names as they stand in a sentence: `a`, `a and b`, `a, b and c`; or with another word. */
export function listOf(names: readonly string[], last = "and"): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}
