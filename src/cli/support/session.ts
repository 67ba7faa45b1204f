import type { ResultDocument } from "../../answer/result/document.js";
import type { Snapshot } from "../../api/options.js";
import type { Simulation } from "../../api/simulation.js";
import type { SimulateOptions } from "./simulate-options.js";

/** Runs a simulation to its end or an interrupt, keeping snapshots on the way, and closes it. */
export async function runSession(simulation: Simulation, options: SimulateOptions): Promise<ResultDocument> {
  const { onProgress, signal, keep, onBreak, trace, writeLinks, writeCapture } = options;
  let isKeeping = false;
  // A snapshot that is being written is finished, however long it takes.
  const breakOff = () => {
    if (isKeeping) onBreak?.();
  };
  signal?.addEventListener("abort", breakOff);
  try {
    do {
      await simulation.run({
        ...(onProgress && { onProgress }),
        ...(signal && { signal }),
        ...(keep && { forMs: keep.everyMs }),
      });
      if (signal?.aborted === true) onBreak?.();
      // An interrupted run is kept too, so that nothing is lost.
      if (keep !== undefined && !simulation.ended) {
        isKeeping = true;
        await keep.write(describe(simulation.snapshot(), keep.everyMs));
        isKeeping = false;
      }
    } while (!simulation.ended && signal?.aborted !== true);
    await simulation.explain({ ...(onProgress && { onProgress }), ...(signal && { signal }) });
    await trace?.write(simulation);
    await writeLinks?.(simulation);
    await writeCapture?.();
    onProgress?.({ ...simulation.progress(), phase: "summing-up" });
    return simulation.result();
  } finally {
    signal?.removeEventListener("abort", breakOff);
    await simulation.close();
  }
}

/** Notes how often snapshots are kept, so that a resumed run goes on like that. */
function describe({ description, memory }: Snapshot, everyMs: number): Snapshot {
  return { description: { ...description, snapshotEveryMs: everyMs }, memory };
}
