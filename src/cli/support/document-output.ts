/** Files of commands whose answer is one document: the document and its chart. */

import { chartFormat, checkDrawing, renderChart } from "../../study/charts/render.js";
import type { ChartSpec } from "../../study/charts/spec.js";
import { checkWritable, writeWhole } from "./output.js";
import { jsonOf } from "./print-document.js";

export interface DocumentOutputs {
  /** File of the document. */
  readonly out?: string;
  /** File of its chart. */
  readonly chart?: string;
}

/** Refuses what cannot be written, before long work. @throws InputError, ChartError */
export async function checkOutputs({ out, chart }: DocumentOutputs): Promise<void> {
  if (chart !== undefined) await checkDrawing(chartFormat(chart));
  for (const path of [chart, out]) if (path !== undefined) await checkWritable(path);
}

/**
 * Writes the files that were asked for.
 * @param drawing its chart; left out where the command draws none
 * @throws ChartError where there is nothing to draw
 */
export async function writeOutputs(
  document: object,
  { out, chart }: DocumentOutputs,
  drawing?: () => ChartSpec,
): Promise<void> {
  if (out !== undefined) await writeWhole(out, jsonOf(document));
  if (chart !== undefined && drawing !== undefined) {
    await writeWhole(chart, await renderChart(drawing(), chartFormat(chart)));
  }
}
