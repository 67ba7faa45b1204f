/** Places inside a document. */

export type Path = readonly (string | number)[];

/** `workload.flows[3].src`. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? showKey(step) : `.${showKey(step)}`;
  }
  return text;
}

/** A key as it is shown: odd ones quoted, long ones cut. */
export function showKey(key: string): string {
  if (key.length > LONGEST_KEY) return JSON.stringify(`${key.slice(0, LONGEST_KEY)}…`);
  return /^[\w$-]+$/.test(key) ? key : JSON.stringify(key);
}

const LONGEST_KEY = 60;
