/** How long a node computes: by its duration, or by the roofline of a GPU. */
import { efficiencyAt } from "../../../build/training/compute-time.js";
import type { GpuRow, Precision } from "../../../plan/training/gpus.js";
import { type ChakraNode, MessageFault } from "./node.js";

export interface ComputeOptions {
  readonly by: "auto" | "duration" | "roofline";
  readonly gpu: GpuRow;
  readonly precision: Precision;
}

const PS_PER_MICROSECOND = 1e6;
const LARGEST_PS = 9e15;

/** Picoseconds of a computation, a load or a store. @throws MessageFault where nothing says it */
export function computePs(node: ChakraNode, options: ComputeOptions): number {
  const byDuration = node.durationMicros * PS_PER_MICROSECOND;
  const ps =
    options.by === "duration" || (options.by === "auto" && byDuration > 0) ? byDuration : roofline(node, options);
  if (ps <= LARGEST_PS) return ps;
  throw new MessageFault(`takes ${ps / 1e12} s; write at most 9000 s`);
}

/** The longer of computing and moving, as in training steps. */
function roofline({ attributes, durationMicros }: ChakraNode, { by, gpu, precision }: ComputeOptions): number {
  const [flops, bytes] = ["num_ops", "tensor_size"].map((name) => numberOf(attributes.get(name), name));
  if (flops === undefined && bytes === undefined) {
    if (by === "auto") return durationMicros * PS_PER_MICROSECOND;
    throw new MessageFault("has neither num_ops nor tensor_size; write compute: duration");
  }
  const moving = (bytes ?? 0) / (gpu.memoryBytesPerSecond * gpu.memoryEfficiency);
  if (flops === undefined || flops === 0) return Math.round(Math.max(moving, gpu.kernelSeconds) * 1e12);
  const share = efficiencyAt(gpu.matrixEfficiency, flops);
  const peak = gpu.peakFlops[precision];
  if (peak === 0) throw new MessageFault(`the GPU does not compute in ${precision}; write another precision`);
  return Math.round(Math.max(flops / (peak * share), moving, gpu.kernelSeconds) * 1e12);
}

function numberOf(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return value;
  throw new MessageFault(`${name} is ${JSON.stringify(value)}; it should be a number from 0`);
}
