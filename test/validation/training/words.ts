/** What docs/VALIDATION-TRAINING.md says beside its tables, by section. */
import { LLAMA, MEGASCALE, MEGATRON, NVIDIA, VTRAIN } from "./rows.js";

export const ABOUT: Readonly<Record<string, readonly string[]>> = {
  page: [
    `Steps that others measured, beside what heddle says of them. This page is made by
\`npm run validate:training\` from runs; a test holds it to the recorded runs, and simulates some of
them again. None of these rows was used to choose a number of the model.`,
    `The aim is a median error below 8 %, and no row above 20 % without its reason. The median misses it.`,
  ],
  assumed: [
    `**A100.** Shares of the peak and of the memory's rate are fitted to 80 pipelines of vTrain on one
node. Each has TP 1, DP 1 and 1 to 4 stages. 80 others of the same table are met within 6.2 % in
the median (\`test/training/one-node.test.ts\`). NVLink's rate was looked at on 40 steps of one node
with tensor parallelism: the median error is -0.2 % at 150 GB/s, -1.4 % at 195 GB/s and -3.1 % at
300 GB/s.`,
    `**H100.** The share of large products is the best that was measured on one GPU (Bekman, MAMF table:
0.80). Shares of smaller products are estimates. In fp8 the linear layers run in fp8; attention and
the output layer run in bf16, as Transformer Engine does it. NVLink is at 335 GB/s, what nccl-tests
reach in an all-gather on one node (NCCL 2.29.2).`,
    `**Networks** are as the sources state them. Collectives are those that NCCL's model chooses.
Routing is pinned, and switches are not congested by others. Buckets have 25 MiB.`,
  ],
  [MEGATRON]: ["Without data parallelism. With selective recomputation sequences are parallel too."],
  [MEGASCALE]: [
    `Batch 768. For Megatron-LM nothing overlaps, and attention is recomputed: the paper does not say.
For MegaScale all three overlaps are on. Its other changes (parallel blocks, sliding windows, fused
operators) are not modelled.`,
  ],
  [VTRAIN]: ["Full recomputation is assumed: without it most of these layouts do not fit into 80 GB."],
  [LLAMA]: [
    `The step follows from the TFLOP/s of the paper, at 6 FLOPs for a parameter and token. Each stage
has 8 parts of one layer; the first part is the embedding alone, the last one the output layer.`,
  ],
  [NVIDIA]: ["The step follows from the tokens per second and GPU. All three overlaps are on."],
  overlap: [
    `175 billion parameters on 256 GPUs, batch 256, one overlap after the other. The columns "step" say
what each takes off the time of the step.`,
  ],
};

/** Why rows are far off, by their key. */
export const REASONS: readonly { readonly rows: RegExp; readonly reason: string }[] = [
  {
    rows: /TP 8 PP 1 DP 8, micro 64/,
    reason: `What was measured takes twice as long as with a micro-batch of 32, which is the same work. The
source gives no cause. Memory is likely: activations of 64 sequences do not leave much of 80 GB.`,
  },
  {
    rows: /TP 8 PP 8 DP 4, micro 32|TP 8 PP 16 DP 4/,
    reason: `Each GPU sends whole activations to the next stage, up to 805 MB at 12.5 GB/s. Megatron-LM sends
an eighth from each GPU and gathers it over NVLink. heddle does that with sequence parallelism only.
The error grows with the micro-batch, as the activations do.`,
  },
  {
    rows: /39.1 B, TP 2 .*, micro 2/,
    reason: `No cause was found. In the source a micro-batch of 3 takes 13 % less than one of 2, at TP 2 and
PP 8, though its bubble is longer. With TP 8 and PP 2 the model takes 14.6 s at a micro-batch of 2.`,
  },
  {
    rows: /TP 16/,
    reason: `Tensor parallelism over two nodes doubles the measured step of TP 8; heddle adds 46 %. Its
all-reduces reach the rate of all NICs of a node, 100 GB/s. What NCCL reached is not stated.`,
  },
  {
    rows: /405B/,
    reason: `The share of large products is the best that was measured on one H100, 0.80. GPUs that all work
at once are likely to clock lower. No steps of one H100 node were at hand to tell more.`,
  },
  {
    rows: /FP8/,
    reason: `Products in fp8 are counted at the shares of bf16 (0.80 at the most; the best that was measured
in fp8 is 0.73), and casts to fp8 take no time. No steps of one H100 node were at hand to tell more.`,
  },
];
