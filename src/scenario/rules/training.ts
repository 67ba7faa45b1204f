/** What a training step may ask of its model, its GPUs and its batch: one message each. */
import type { ModelRow, TransformerRow } from "../../plan/training/models.js";
import { type Degrees, layersPerPart, PARALLELISMS } from "../../plan/training/step.js";
import type { Path } from "../../util/document-path.js";
import { listOf } from "../../util/list-of.js";
import { rankCount } from "../defaults/ranks.js";
import { degreesOf, gpuOf, modelOf, type WrittenTraining } from "../defaults/training.js";
import type { Sections } from "../schema/sections.js";
import { namesFile, unreadFile } from "../types/file-or-text.js";
import { readLayerTimes } from "../types/read-layer-times.js";
import { checkRankList } from "./groups.js";
import { rankResolver } from "./ranks.js";
import { type Rule, type RuleContext, ruleOfKind } from "./rule.js";

const at = (...steps: Path): Path => ["workload", ...steps];
const degreeAt = (kind: string): Path => at("parallel", kind);

export const trainingRules: Rule[] = [
  {
    needs: ["workload", "gpu", "jobs"],
    check: ({ workload, jobs = [] }, context) => {
      const all = [workload, ...jobs.map((job) => job.workload)];
      if (context.isWritten(["gpu"]) && !all.some((each) => each?.kind === "training-step"))
        context.warn([["gpu"]], "only a training step asks for a GPU; leave it out");
    },
  },
  ruleOfKind("training-step", ["gpu", "jobs"], (workload, { gpu }, context) => {
    const peak = gpuOf(gpu).peakFlops[workload.precision];
    if (peak === 0) {
      context.fail([at("precision"), ["gpu"]], `${gpuOf(gpu).name} has no ${workload.precision}; write bf16 or fp16`);
    }
    checkOrder(workload, context);
    const model = modelOf(workload);
    if (model.kind === "transformer") checkModel(workload, model, context);
    else checkImages(workload, model.name, context);
    checkSettings(workload, context);
    checkLayerTimes(workload, model, context);
  }),
  ruleOfKind("training-step", ["topology"], (workload, { topology }, context) => {
    const resolve = rankResolver(topology, context);
    workload.stragglers.forEach(({ rank }, i) => {
      resolve(rank, at("stragglers", i, "rank"));
    });
    if (workload.record !== undefined) {
      checkRankList(workload.record.ranks, topology, (place) => at("record", "ranks", place), context);
    }
    checkRanks(workload, topology, context);
    const { kind, layers } = modelOf(workload);
    if (kind === "transformer") checkStages(workload, layers, rankCount(topology), context);
  }),
];

/** Divisors, for advice: the last ones up to `most`. */
function divisors(number: number, most = number): string {
  const all = Array.from({ length: Math.min(number, most, 4096) }, (_, i) => i + 1).filter((d) => number % d === 0);
  return all.slice(-8).join(", ");
}

function checkOrder({ parallel }: WrittenTraining, context: RuleContext): void {
  const { order } = parallel;
  if (order.length !== PARALLELISMS.length || new Set(order).size !== order.length) {
    context.fail([degreeAt("order")], `not each kind once; write e.g. [${PARALLELISMS.join(", ")}]`);
  }
}

function checkModel(workload: WrittenTraining, model: TransformerRow, context: RuleContext): void {
  const { tp, cp, ep, sequenceParallel } = workload.parallel;
  const { heads, kvHeads, experts, hidden } = model;
  const { sequence } = workload;
  if (hidden % heads !== 0) {
    context.fail(
      [at("model", "heads")],
      `${heads} heads do not divide ${hidden}; write one of ${divisors(hidden, 512)}`,
    );
  }
  if (kvHeads > heads || heads % kvHeads !== 0) {
    context.fail([at("model", "kvHeads")], `${kvHeads} do not divide ${heads} heads; write one of ${divisors(heads)}`);
  }
  if (heads % tp !== 0 || (kvHeads % tp !== 0 && tp % kvHeads !== 0)) {
    context.fail([degreeAt("tp")], `${tp} does not divide ${heads} heads; write one of ${divisors(heads)}`);
  }
  const pieces = cp * (sequenceParallel ? tp : 1);
  if (sequence % pieces !== 0) {
    context.fail(
      [at("sequence"), degreeAt("cp")],
      `${sequence} tokens do not split into ${pieces} parts; write a multiple of ${pieces}`,
    );
  }
  if (ep > 1 && experts === null) {
    context.fail([degreeAt("ep")], `the model has no experts; leave ep out, or train mixtral-8x7b or deepseek-v3`);
  } else if (experts !== null && experts.count % ep !== 0) {
    context.fail(
      [degreeAt("ep")],
      `${ep} does not divide ${experts.count} experts; one of ${divisors(experts.count)} does`,
    );
  }
  if (experts !== null && experts.perToken > experts.count) {
    context.fail([at("model", "expertsPerToken")], `more than the ${experts.count} experts there are; write fewer`);
  }
}

/** Layers split over the parts of all stages, of `ranks` GPUs. */
function checkStages({ parallel }: WrittenTraining, layers: number, ranks: number, context: RuleContext): void {
  const { pp, virtualStages } = parallel;
  if (layersPerPart(layers, pp * virtualStages) !== null) return;
  const parts = virtualStages > 1 ? ` of ${virtualStages} parts each` : "";
  context.fail(
    [degreeAt("pp"), degreeAt("virtualStages")],
    `${layers} layers do not split over ${pp} stages${parts}; write ${whatSplits(parallel, layers, ranks)}`,
  );
}

/** Stages that the layers split over and the GPUs too; where there are none, parts of a stage. */
function whatSplits({ tp, cp, pp, virtualStages }: WrittenTraining["parallel"], layers: number, ranks: number): string {
  const counts = Array.from({ length: layers + 2 }, (_, i) => i + 1);
  const splits = (stages: number, parts: number) => layersPerPart(layers, stages * parts) !== null;
  const able = (parts: number) =>
    counts.filter((stages) => splits(stages, parts) && ranks % (tp * cp * stages) === 0 && (parts === 1 || stages > 1));
  const stages = able(virtualStages);
  if (stages.length > 0) return `pp as ${oneOf(stages)}`;
  const parts = counts.filter((count) => splits(pp, count));
  return parts.length > 0 ? `virtualStages as ${oneOf(parts)}` : `virtualStages: 1, and pp as ${oneOf(able(1))}`;
}

const oneOf = (found: readonly number[]): string =>
  found.length === 1 ? `${found[0]}` : `one of ${found.slice(0, 20).join(", ")}`;

function checkImages({ parallel }: WrittenTraining, name: string, context: RuleContext): void {
  for (const kind of ["tp", "cp", "pp", "ep", "virtualStages"] as const) {
    if (parallel[kind] > 1) context.fail([degreeAt(kind)], `${name} is trained with data parallelism only; write 1`);
  }
  if (parallel.zero > 1) context.fail([degreeAt("zero")], `${name} takes ZeRO 0 or 1; write one of them`);
}

function checkSettings({ parallel, overlap, steps, localSteps }: WrittenTraining, context: RuleContext): void {
  const { tp, pp, virtualStages, sequenceParallel, zero } = parallel;
  if (virtualStages > 1 && pp === 1) {
    context.fail([degreeAt("virtualStages")], "one stage has nothing to interleave; write 1, or more stages as pp");
  }
  if (zero >= 2 && pp > 1) {
    context.fail(
      [degreeAt("zero")],
      `ZeRO ${zero} communicates for every micro-batch, which pipelines do not; write zero: 1, or pp: 1`,
    );
  }
  if (localSteps > 1 && steps % localSteps !== 0) {
    context.fail([at("steps"), at("localSteps")], `${steps} is no multiple of localSteps; write e.g. ${localSteps}`);
  }
  if (localSteps > 1 && zero > 0) {
    context.fail([degreeAt("zero")], "replicas that train alone split no optimizer among them; write zero: 0");
  }
  if (overlap.tp && (tp === 1 || !sequenceParallel)) {
    context.fail(
      [at("overlap", "tp")],
      "overlap of tensor parallelism needs tp above 1 and sequenceParallel; write both, or false",
    );
  }
}

function checkLayerTimes(workload: WrittenTraining, model: ModelRow, context: RuleContext): void {
  const { layerTimes, parallel, batch } = workload;
  if (layerTimes === undefined) return;
  const fail = (what: string) => context.fail([at("layerTimes")], what);
  if (namesFile(layerTimes)) {
    fail(unreadFile(layerTimes));
    return;
  }
  const times = readLayerTimes(layerTimes, { tp: parallel.tp, cp: parallel.cp, micro: batch.micro });
  if (typeof times === "string") {
    fail(times);
    return;
  }
  const blocks: readonly string[] = model.kind === "transformer" ? ["attention", "mlp"] : ["layer"];
  const stated = [times.everyLayer, ...times.byLayer].flatMap((each) => Object.keys(each));
  const odd =
    stated.find((block) => !blocks.includes(block)) ?? (blocks.length === 1 ? Object.keys(times.ends)[0] : null);
  if (odd) fail(`rows for ${odd}, and a layer of ${model.name} is ${listOf(blocks)}`);
  if (times.byLayer.length > model.layers) {
    fail(`a row for layer ${times.byLayer.length - 1}, and ${model.name} has layers 0 to ${model.layers - 1}`);
  }
}

function checkRanks(workload: WrittenTraining, topology: Sections["topology"], context: RuleContext): void {
  const ranks = rankCount(topology);
  const degrees = degreesOf(workload, ranks);
  const { tp, cp, pp, dp, ep } = degrees;
  const own = tp * cp * pp;
  if (ranks % own !== 0 || own > ranks) {
    context.fail(
      [degreeAt("tp"), degreeAt("pp"), degreeAt("cp"), at("parallel")],
      `tp ${tp} x cp ${cp} x pp ${pp} = ${own} does not divide ${ranks} GPUs; a product of ${divisors(ranks)} does`,
    );
    return;
  }
  if (own * dp !== ranks) {
    context.fail(
      [degreeAt("dp")],
      `tp x cp x pp x dp = ${own * dp}, and there are ${ranks} GPUs; write dp: ${ranks / own}, or auto`,
    );
    return;
  }
  if ((dp * cp) % ep !== 0) {
    context.fail([degreeAt("ep")], `${ep} does not divide dp ${dp} x cp ${cp}; one of ${divisors(dp * cp)} does`);
  }
  if (workload.localSteps > 1 && dp * cp === 1) {
    context.fail([at("localSteps")], "there is one replica, and nothing to average; write 1");
  }
  checkBatch(workload, degrees, context);
}

function checkBatch({ batch, parallel }: WrittenTraining, { dp, pp }: Degrees, context: RuleContext): void {
  const { global, micro } = batch;
  const once = dp * micro;
  if (global % once !== 0) {
    const near = Math.max(once, Math.round(global / once) * once);
    context.fail(
      [at("batch", "global"), at("batch")],
      `${global} is no multiple of dp ${dp} x micro ${micro} = ${once}; write e.g. ${near}`,
    );
    return;
  }
  const count = global / once;
  if (parallel.virtualStages > 1 && count % pp !== 0) {
    context.fail(
      [at("batch", "global"), degreeAt("virtualStages")],
      `the interleaved schedule takes a multiple of ${pp} micro-batches, and there are ${count}; write e.g. global: ${Math.ceil(count / pp) * pp * once}`,
    );
  }
}
