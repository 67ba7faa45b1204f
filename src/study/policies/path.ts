/**
 * A path of a policy's file rather than the name of a built-in policy: `./drill.ts`,
 * `policies/mine.wasm`.
 */
export function isPolicyPath(text: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$|\.wasm$/.test(text);
}
