/** How long operations take on a GPU: the roofline, with efficiencies by the size of the work. */
import type { EfficiencyPoint, GpuRow, Precision } from "../../plan/training/gpus.js";
import type { PassSeconds } from "../../plan/training/layer-times.js";
import type { Recompute } from "../../plan/training/step.js";
import type { Operation } from "./operations.js";

/** Share of the peak that work of a size reaches: linear in its logarithm between the points. */
export function efficiencyAt(points: readonly EfficiencyPoint[], flops: number): number {
  const last = points.at(-1)!;
  if (flops >= last.flops) return last.share;
  const next = points.findIndex((point) => point.flops > flops);
  const above = points[next]!;
  if (next === 0) return above.share;
  const below = points[next - 1]!;
  const way = Math.log(flops / below.flops) / Math.log(above.flops / below.flops);
  return below.share + way * (above.share - below.share);
}

/**
 * Seconds of an operation: the longer of computing and moving, and no less than its kernels take to
 * start.
 * @param times its work as a multiple: 1 forward, `operation.backward` backward
 */
function operationSeconds(operation: Operation, gpu: GpuRow, precision: Precision, times = 1): number {
  const { flops, bytes, kernels } = operation;
  const moving = (times * bytes) / (gpu.memoryBytesPerSecond * gpu.memoryEfficiency);
  const starting = kernels * gpu.kernelSeconds;
  if (flops === 0) return Math.max(moving, starting);
  const share = efficiencyAt(gpu.matrixEfficiency, flops / kernels);
  const peak = gpu.peakFlops[precision === "fp8" && operation.isHalf ? "bf16" : precision];
  return Math.max((times * flops) / (peak * share), moving, starting);
}

/** Seconds of a list of operations, forward and backward. */
export function passSeconds(
  operations: readonly Operation[],
  gpu: GpuRow,
  { precision, recompute }: { readonly precision: Precision; readonly recompute: Recompute },
): PassSeconds {
  let [forward, backward] = [0, 0];
  for (const operation of operations) {
    const once = operationSeconds(operation, gpu, precision);
    const isRepeated = recompute === "full" || (recompute === "selective" && operation.isRecomputed);
    forward += once;
    backward += operationSeconds(operation, gpu, precision, operation.backward) + (isRepeated ? once : 0);
  }
  return { forward, backward };
}
