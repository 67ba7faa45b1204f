/** A diagnosis as text for a terminal. */
import type { Style } from "../../answer/text/style.js";
import { counted, duration } from "../../answer/text/units.js";
import { hanging, WIDTH, wrap } from "../../util/wrap.js";
import type { DiagnosisDocument } from "./diagnose.js";
import { isHard } from "./suspects.js";

const LISTED = 8;

/** Ends with a newline. */
export function formatDiagnosis(found: DiagnosisDocument, { bold, dim, warn }: Style): string {
  const { scenario, jctNs, healthyJctNs, slowdown, finished, suspects, suspectsLeftOut = 0, evict } = found;
  const took = `${duration(jctNs)}, healthy ${duration(healthyJctNs)}: ${slowdown.toFixed(3)} times as long`;
  const left = suspects.length - LISTED + suspectsLeftOut;
  const lines = [
    ...hanging(`${bold(scenario)}  ${took}${finished ? "" : "; it did not finish"}`),
    "",
    ...(suspects.length === 0 ? ["No counter differs from the healthy run."] : [bold("Suspects, the likeliest first")]),
    ...suspects
      .slice(0, LISTED)
      .flatMap((suspect, i) => [
        `  ${i + 1}. ${suspect.kind} ${bold(suspect.where)}${isHard(suspect) ? "" : dim("  weak: where, not why")}`,
        ...suspect.evidence.flatMap((text) => wrap(text, WIDTH - 5).map((line) => `     ${line}`)),
      ]),
    ...(left > 0 ? [dim(`  and ${counted(left, "suspect")} more`)] : []),
    ...(evict.length > 0 ? ["", ...hanging(`${warn("To take out of service:")} ${evict.join(", ")}`)] : []),
  ];
  return `${lines.join("\n")}\n`;
}
