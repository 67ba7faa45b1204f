import type { Sections } from "../schema/sections.js";
import type { PauseThreshold } from "../types/scenario.js";

type Written = Extract<Sections["flowControl"], { kind: "pfc" }>["threshold"];

/** When PFC pauses, as it is written for all classes or for one. */
export function pauseThreshold(written: Written): PauseThreshold {
  return written.kind === "static"
    ? { kind: "static", xoffBytes: written.xoff }
    : { kind: "dynamic", alphaShift: written.alphaShift };
}
