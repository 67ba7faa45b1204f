/** GPUs, one row each: what a data sheet says of them, and the share of it that kernels reach. */

export const PRECISIONS = ["fp8", "bf16", "fp16", "fp32"] as const;
export type Precision = (typeof PRECISIONS)[number];

/** A point of a table: work of an operation, and the share of the peak that it reaches. */
export interface EfficiencyPoint {
  readonly flops: number;
  readonly share: number;
}

export interface GpuRow {
  readonly name: string;
  readonly sentence: string;
  readonly source: string;
  /** Dense peak in FLOP/s by precision; 0 where the GPU has none. */
  readonly peakFlops: Readonly<Record<Precision, number>>;
  readonly memoryBytes: number;
  readonly memoryBytesPerSecond: number;
  /** Share of the memory's rate that kernels reach. */
  readonly memoryEfficiency: number;
  /** By rising work; between points the share is linear in the logarithm of the work. */
  readonly matrixEfficiency: readonly EfficiencyPoint[];
  /** What a kernel takes at the least, in seconds: launch and drain. */
  readonly kernelSeconds: number;
}

const T = 1e12;
const GB = 1e9;

/**
 * Fitted to 80 steps of Megatron-DeepSpeed on 2 and 4 GPUs of one node, without tensor and data
 * parallelism (vTrain, MICRO 2024; full recomputation), as are the memory's share and the time of a
 * kernel. Of 80 other steps half are met within 6.2 %, nine tenths within 10.6 %.
 */
const A100_MATRIX: readonly EfficiencyPoint[] = [
  { flops: 1e9, share: 0.059 },
  { flops: 1e10, share: 0.177 },
  { flops: 3e10, share: 0.735 },
  { flops: 1e11, share: 0.76 },
  { flops: 4e11, share: 0.763 },
];

/**
 * The last point is the best product of bf16 that was found on an H100 (6144 x 17920 x 2816, 792.1
 * of 989 TFLOP/s; Bekman, Machine Learning Engineering, MAMF table). On a B200 it is 0.776, in fp8
 * 0.734 and 0.763. The other points are estimates: no steps of one node are at hand.
 */
const HOPPER_MATRIX: readonly EfficiencyPoint[] = [
  { flops: 1e8, share: 0.04 },
  { flops: 1e9, share: 0.2 },
  { flops: 1e10, share: 0.5 },
  { flops: 1e11, share: 0.7 },
  { flops: 6.2e11, share: 0.8 },
];

const GPUS: readonly GpuRow[] = [
  {
    name: "a100",
    sentence: "NVIDIA A100 SXM, 80 GB.",
    source: "Data sheet (2020); shares fitted to steps on one node (vTrain, MICRO 2024).",
    peakFlops: { fp8: 0, bf16: 312 * T, fp16: 312 * T, fp32: 19.5 * T },
    memoryBytes: 80 * GB,
    memoryBytesPerSecond: 2039 * GB,
    memoryEfficiency: 0.628,
    matrixEfficiency: A100_MATRIX,
    kernelSeconds: 26e-6,
  },
  {
    name: "h100",
    sentence: "NVIDIA H100 SXM, 80 GB.",
    source: "Data sheet (2022), without sparsity; best products: Bekman, MAMF table.",
    peakFlops: { fp8: 1979 * T, bf16: 989 * T, fp16: 989 * T, fp32: 67 * T },
    memoryBytes: 80 * GB,
    memoryBytesPerSecond: 3350 * GB,
    memoryEfficiency: 0.9,
    matrixEfficiency: HOPPER_MATRIX,
    kernelSeconds: 5e-6,
  },
  {
    name: "h200",
    sentence: "NVIDIA H200 SXM, 141 GB.",
    source: "Data sheet (2023), without sparsity.",
    peakFlops: { fp8: 1979 * T, bf16: 989 * T, fp16: 989 * T, fp32: 67 * T },
    memoryBytes: 141 * GB,
    memoryBytesPerSecond: 4800 * GB,
    memoryEfficiency: 0.9,
    matrixEfficiency: HOPPER_MATRIX,
    kernelSeconds: 5e-6,
  },
  {
    name: "b200",
    sentence: "NVIDIA B200 in an HGX board, 180 GB.",
    source: "Data sheet (2024), without sparsity.",
    peakFlops: { fp8: 4500 * T, bf16: 2250 * T, fp16: 2250 * T, fp32: 75 * T },
    memoryBytes: 180 * GB,
    memoryBytesPerSecond: 7700 * GB,
    memoryEfficiency: 0.9,
    matrixEfficiency: HOPPER_MATRIX,
    kernelSeconds: 5e-6,
  },
  {
    name: "gb200",
    sentence: "NVIDIA B200 in a GB200 NVL72, 186 GB.",
    source: "Data sheet (2024), without sparsity.",
    peakFlops: { fp8: 5000 * T, bf16: 2500 * T, fp16: 2500 * T, fp32: 80 * T },
    memoryBytes: 186 * GB,
    memoryBytesPerSecond: 8000 * GB,
    memoryEfficiency: 0.9,
    matrixEfficiency: HOPPER_MATRIX,
    kernelSeconds: 5e-6,
  },
];

export const GPU_NAMES = ["a100", "h100", "h200", "b200", "gb200"] as const;
export type GpuName = (typeof GPU_NAMES)[number];

export function gpuRow(name: GpuName): GpuRow {
  return GPUS.find((row) => row.name === name)!;
}
