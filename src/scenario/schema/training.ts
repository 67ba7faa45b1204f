/** A training step, and the GPU that it runs on. */
import { z } from "zod";
import { ALGORITHM_NAMES } from "../../plan/collectives.js";
import { GPU_NAMES, PRECISIONS } from "../../plan/training/gpus.js";
import { MODEL_NAMES } from "../../plan/training/models.js";
import { PARALLELISMS, RECOMPUTES } from "../../plan/training/step.js";
import { choice, fileOrText, guessFor, object, quantity, real, truth, whole } from "./fields.js";
import { record } from "./program.js";
import { rank } from "./ranks.js";

const LARGEST_DEGREE = 2 ** 20;

const efficiency = z
  .array(
    object(
      {
        flops: real(1, 1e18, "FLOPs of an operation."),
        share: real(0.001, 1, "Share of the peak that it reaches."),
      },
      "A point of the table.",
    ),
  )
  .min(1)
  .meta({ description: "Shares of the peak by work of an operation, rising; between them by its logarithm." });

const ownGpu = object(
  {
    flops: quantity("compute", {
      description: "Dense peak at the precision of the workload.",
      min: "1GFLOPs",
      examples: ["989TFLOPs"],
    }),
    memory: quantity("rate", { description: "Rate of its memory.", min: "1GBps", examples: ["3.35TBps"] }),
    capacity: quantity("size", { description: "Bytes of its memory.", min: "1GB", examples: ["80GB"] }).prefault(
      "80GB",
    ),
    efficiency: z
      .union([real(0.001, 1, "Share of the peak that matrix products reach."), efficiency], {
        error: "neither a share nor a table; write e.g. 0.7, or [{ flops: 1e9, share: 0.4 }]",
      })
      .meta({ description: "Share of the peak that matrix products reach, or a table by their work." })
      .prefault(0.7),
    memoryEfficiency: real(0.001, 1, "Share of the memory's rate that kernels reach.").prefault(0.9),
    kernel: quantity("time", { description: "What a kernel takes at the least.", max: "1s" }).prefault("5us"),
  },
  "A GPU by its numbers.",
);

const OWN_GPU = "{ flops, memory }, e.g. { flops: 989TFLOPs, memory: 3.35TBps }";

export const gpu = z
  .union([choice(GPU_NAMES, [], "A GPU by its data sheet."), ownGpu], {
    error: ({ input }) => `not a GPU${guessFor(input, GPU_NAMES)}; write one of ${GPU_NAMES.join(", ")}, or ${OWN_GPU}`,
  })
  .meta({ description: "What computes. Only training steps ask for it." })
  .prefault("h100");

const ownModel = object(
  {
    layers: whole(1, 10_000, "Layers."),
    hidden: whole(1, 1e6, "Width."),
    heads: whole(1, 10_000, "Heads of queries."),
    kvHeads: whole(1, 10_000, "Heads of keys and values. Left out: as many as heads.").optional(),
    ffn: whole(1, 1e7, "Width of the feed-forward part. Left out: four times hidden.").optional(),
    gated: truth("SwiGLU: three matrices instead of two.").prefault(false),
    vocabulary: whole(1, 1e7, "Tokens of the vocabulary.").prefault(51_200),
    tied: truth("Input and output embeddings are one matrix.").prefault(true),
    experts: whole(2, 10_000, "Experts of a layer. Left out: none.").optional(),
    expertsPerToken: whole(1, 10_000, "Experts that a token goes to.").prefault(2),
    expertFfn: whole(1, 1e7, "Width of an expert. Left out: ffn.").optional(),
    sharedExperts: whole(0, 1000, "Experts that every token goes to.").prefault(0),
    denseLayers: whole(0, 10_000, "Layers at the start without experts.").prefault(0),
  },
  "A transformer by its sizes.",
);

const degree = (description: string) => whole(1, LARGEST_DEGREE, description);

const parallel = object(
  {
    tp: degree("Tensor parallelism.").prefault(1),
    cp: degree("Context parallelism: sequences are split; keys and values are gathered.").prefault(1),
    pp: degree("Pipeline parallelism, 1F1B.").prefault(1),
    ep: degree("Expert parallelism, among data-parallel ranks.").prefault(1),
    dp: z
      .union([z.literal("auto"), degree("Data parallelism.")], {
        error: `not a degree; write auto, or a whole number from 1 to ${LARGEST_DEGREE}`,
      })
      .meta({ description: "Data parallelism; auto: as many as there are GPUs for." })
      .prefault("auto"),
    order: z
      .array(choice(PARALLELISMS, [], "A kind."))
      .meta({
        description: "Order of ranks as in Megatron-LM: ranks of the first kind are next to each other.",
      })
      .prefault([...PARALLELISMS]),
    virtualStages: whole(1, 1000, "Parts of the model at each stage: above 1 the interleaved schedule.").prefault(1),
    sequenceParallel: truth("With tp: norms are split, all-reduces become all-gathers and reduce-scatters.").prefault(
      true,
    ),
    zero: z
      .union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)], { error: "not a stage; write 0, 1, 2 or 3" })
      .meta({ description: "ZeRO: optimizer (1), gradients (2) and parameters (3, FSDP) are split over dp and cp." })
      .prefault(0),
  },
  "Degrees of parallelism.",
);

const algorithm = choice([...ALGORITHM_NAMES, "auto"], [], "Algorithm; auto: as NCCL's model chooses.").prefault(
  "auto",
);

export const trainingStep = object(
  {
    kind: z.literal("training-step"),
    model: z
      .union([choice(MODEL_NAMES as [string, ...string[]], [], "A published model."), ownModel], {
        error: ({ input }) =>
          `not a model${guessFor(input, MODEL_NAMES)}; write one of ${MODEL_NAMES.join(", ")}, or { layers, hidden, heads }`,
      })
      .meta({ description: "What is trained." }),
    sequence: whole(1, 1e7, "Tokens of a sequence.").prefault(2048),
    batch: object(
      {
        global: whole(1, 1e8, "Sequences (or images) of a step over all GPUs."),
        micro: whole(1, 1e6, "Sequences (or images) of a micro-batch.").prefault(1),
      },
      "How many sequences there are.",
    ),
    parallel: parallel.prefault({}),
    precision: choice(PRECISIONS, [], "Of matrix products.").prefault("bf16"),
    overlap: object(
      {
        dp: truth(
          "Gradients are reduced beside the backward pass, parameters gathered beside the forward pass.",
        ).prefault(true),
        tp: truth("Collectives of tensor parallelism run beside the products next to them.").prefault(false),
        pp: truth("Stages do not wait until what they send has been acknowledged.").prefault(true),
      },
      "What runs beside computation.",
    ).prefault({}),
    bucket: quantity("size", {
      description: "Gradients that are reduced together, in whole layers, one at least.",
      min: "1B",
      examples: ["25MiB"],
    }).prefault("25MiB"),
    recompute: choice(RECOMPUTES, [], "Activations that are computed again.").prefault("none"),
    attention: choice(
      ["flash", "unfused"],
      [],
      "flash: scores stay on the chip, and what the mask hides is skipped; unfused: they go through memory.",
    ).prefault("flash"),
    layerTimes: fileOrText(
      16,
      "write fewer rows",
      "Measured times of layers in place of the roofline: the name of a CSV file, or its text, with the columns layer, block, forward, backward.",
    ).optional(),
    steps: whole(1, 1000, "Steps one after the other.").prefault(1),
    localSteps: whole(
      1,
      1000,
      "Local SGD: replicas reduce no gradients, and average their parameters after this many steps. 1: none of it.",
    ).prefault(1),
    algorithms: object(
      { tp: algorithm, cp: algorithm, dp: algorithm, ep: algorithm },
      "Algorithms of the collectives of each kind.",
    ).prefault({}),
    jitter: real(0, 1, "Computations vary by this share, up and down, each by a draw of its own.").prefault(0),
    stragglers: z
      .array(object({ rank, factor: real(0.01, 1000, "How many times as long its computations take.") }, "A slow GPU."))
      .meta({ description: "GPUs that are slower, or faster, than the others." })
      .prefault([]),
    record: record.optional(),
    memoryCheck: truth("A layout that does not fit into the memory of a GPU is refused.").prefault(true),
  },
  "Steps of training a model over all GPUs.",
);
