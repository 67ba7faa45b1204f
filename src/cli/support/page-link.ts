/** Links of the playground that hold a scenario; web/model/link.ts reads them. */
import { deflateRawSync } from "node:zlib";

/** What stands behind the page's address. */
export function linkTo(text: string, version: string): string {
  return `#${new URLSearchParams({ v: "1", s: deflateRawSync(text).toString("base64url"), h: version })}`;
}
