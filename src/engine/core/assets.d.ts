/** Files that scripts/bundle-browser.mjs puts into the bundle. */

declare module "*.wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

declare module "*?bundled" {
  const code: string;
  export default code;
}
