import type { TrainingStep } from "../../plan/training/step.js";
import { type GpuMemory, totalBytes } from "./memory.js";
import { stageMemory } from "./sizes.js";

/** Memory of the stage that needs most: parameters and activations differ between stages. */
export function largestMemory(step: TrainingStep): GpuMemory {
  let most = stageMemory(step, 0);
  for (let stage = 1; stage < step.degrees.pp; stage++) {
    const own = stageMemory(step, stage);
    if (totalBytes(own) > totalBytes(most)) most = own;
  }
  return most;
}
