/**
 * What a GPU does in a layer: operations with their FLOPs and the bytes that they move in its
 * memory, for one micro-batch of a rank. Matrix products take two FLOPs for a multiplication and an
 * addition (Narayanan et al., SC 2021, appendix).
 */
import type { TransformerRow } from "../../plan/training/models.js";
import { hasExperts, headWidth } from "./parameters.js";

/** An operation of a layer, forward. */
export interface Operation {
  readonly name: string;
  /** `matrix` runs on tensor cores; `memory` is bound by the memory whatever it computes. */
  readonly kind: "matrix" | "memory";
  readonly flops: number;
  readonly bytes: number;
  /** Kernels that it is made of. */
  readonly kernels: number;
  /** Its work going backward, as a multiple of the work going forward. */
  readonly backward: number;
  /** Selective recomputation does it again before it goes backward. */
  readonly isRecomputed: boolean;
  /** Runs in halves where the others run in fp8: Transformer Engine does linear layers alone. */
  readonly isHalf?: boolean;
}

/** Part of the work of a layer that is a rank's own. */
export interface RankShare {
  /** Tokens of a micro-batch at this rank: after context parallelism, before tensor parallelism. */
  readonly tokens: number;
  /** Length of the whole sequence that a token attends to. */
  readonly sequence: number;
  readonly tp: number;
  readonly ep: number;
  /** Norms and residuals are split by tensor parallelism too. */
  readonly sequenceParallel: boolean;
  /** Bytes of an activation, and of a weight as it is multiplied. */
  readonly elementBytes: number;
  readonly weightBytes: number;
  readonly attention: AttentionKernel;
}

export interface AttentionKernel {
  /** Scores stay on the chip (FlashAttention), or go through memory. */
  readonly isFused: boolean;
  /** What is masked is skipped: half of the work. */
  readonly skipsMasked: boolean;
}

/** FLOPs of the backward pass of a fused kernel over those forward: 5 products for 2. */
const FUSED_BACKWARD = 2.5;
/** Bytes for each score where they go through memory: product, mask, softmax, dropout, product. */
const SCORE_BYTES = 13;
/** Bytes for each element of two norms, two residuals and two dropouts, in halves of 2 bytes. */
const NORM_ELEMENTS = 11;

/** Operations of a layer in their order. */
export function layerOperations(model: TransformerRow, layer: number, share: RankShare): Operation[] {
  const experts = hasExperts(model, layer);
  return [...attention(model, share), norms(model, share), ...(experts ? mixture(model, share) : dense(model, share))];
}

/** The output layer and the loss. */
export function outputOperations({ hidden, vocabulary }: TransformerRow, share: RankShare): Operation[] {
  const { tokens, tp } = share;
  return [
    { ...product("logits", { rows: tokens, inner: hidden, columns: vocabulary / tp }, share), isHalf: true },
    memory("loss", ((tokens * vocabulary) / tp) * 3 * share.elementBytes, 3),
  ];
}

function attention(model: TransformerRow, share: RankShare): Operation[] {
  const { hidden, heads, kvHeads, latentAttention } = model;
  const { tokens, tp } = share;
  const ownHeads = heads / tp;
  if (latentAttention === null) {
    const width = headWidth(model);
    // Fewer heads of keys than ranks: they are held by several.
    const ownKvHeads = Math.max(1, kvHeads / tp);
    return [
      product("qkv", { rows: tokens, inner: hidden, columns: width * (ownHeads + 2 * ownKvHeads) }, share),
      core(share, { heads: ownHeads, kvHeads: ownKvHeads, keyWidth: width, valueWidth: width }),
      product("projection", { rows: tokens, inner: width * ownHeads, columns: hidden }, share),
    ];
  }
  const { queryRank, kvRank, nopeWidth, ropeWidth, valueWidth } = latentAttention;
  const keyWidth = nopeWidth + ropeWidth;
  return [
    product("query down", { rows: tokens, inner: hidden, columns: queryRank }, share),
    product("query up", { rows: tokens, inner: queryRank, columns: ownHeads * keyWidth }, share),
    product("kv down", { rows: tokens, inner: hidden, columns: kvRank + ropeWidth }, share),
    product("kv up", { rows: tokens, inner: kvRank, columns: ownHeads * (nopeWidth + valueWidth) }, share),
    core(share, { heads: ownHeads, kvHeads: ownHeads, keyWidth, valueWidth }),
    product("projection", { rows: tokens, inner: ownHeads * valueWidth, columns: hidden }, share),
  ];
}

interface Heads {
  readonly heads: number;
  readonly kvHeads: number;
  readonly keyWidth: number;
  readonly valueWidth: number;
}

/** Scores and their product with the values. */
function core(share: RankShare, { heads, kvHeads, keyWidth, valueWidth }: Heads): Operation {
  const { tokens, sequence, elementBytes } = share;
  const { isFused, skipsMasked } = share.attention;
  const scores = tokens * sequence * heads * (skipsMasked ? 0.5 : 1);
  const ends = tokens * (heads * (keyWidth + valueWidth) + kvHeads * (keyWidth + valueWidth)) * elementBytes;
  return {
    name: "attention",
    kind: "matrix",
    flops: 2 * scores * (keyWidth + valueWidth),
    bytes: isFused ? ends : ends + scores * SCORE_BYTES,
    kernels: isFused ? 1 : 5,
    backward: isFused ? FUSED_BACKWARD : 2,
    isRecomputed: !isFused,
    isHalf: true,
  };
}

function norms({ hidden }: TransformerRow, { tokens, tp, sequenceParallel, elementBytes }: RankShare): Operation {
  const elements = (tokens * hidden) / (sequenceParallel ? tp : 1);
  return memory("norms and residuals", elements * NORM_ELEMENTS * elementBytes, 6);
}

function dense(model: TransformerRow, share: RankShare): Operation[] {
  return feedForward(model, share, { name: "mlp", tokens: share.tokens, width: model.ffn / share.tp, count: 1 });
}

/** Router, the experts of this rank with a fair share of the tokens, and shared experts. */
function mixture(model: TransformerRow, share: RankShare): Operation[] {
  const { hidden, experts } = model;
  const { count, perToken, shared, ffn } = experts!;
  const { tokens, tp, ep } = share;
  const own = count / ep;
  const perExpert = (tokens * perToken) / own;
  return [
    product("router", { rows: tokens / (share.sequenceParallel ? tp : 1), inner: hidden, columns: count }, share),
    ...feedForward(model, share, { name: "expert", tokens: perExpert, width: ffn / tp, count: own }),
    ...(shared === 0
      ? []
      : feedForward(model, share, { name: "shared expert", tokens, width: (shared * ffn) / tp, count: 1 })),
    memory("permute", 4 * tokens * perToken * hidden * share.elementBytes, 2),
  ];
}

interface FeedForward {
  readonly name: string;
  readonly tokens: number;
  readonly width: number;
  /** Experts, one product each. */
  readonly count: number;
}

function feedForward(
  model: TransformerRow,
  share: RankShare,
  { name, tokens, width, count }: FeedForward,
): Operation[] {
  const { hidden, isGated } = model;
  const up = isGated ? 2 : 1;
  const elements = tokens * width * count * (up + 1);
  return [
    product(`${name} up`, { rows: tokens, inner: hidden, columns: up * width, count }, share),
    memory(`${name} activation`, elements * share.elementBytes, 1),
    product(`${name} down`, { rows: tokens, inner: width, columns: hidden, count }, share),
  ];
}

interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly count?: number;
}

function product(name: string, { rows, inner, columns, count = 1 }: Product, share: RankShare): Operation {
  const activations = rows * (inner + columns) * share.elementBytes;
  return {
    ...{ name, kind: "matrix" },
    flops: 2 * rows * inner * columns * count,
    bytes: (activations + inner * columns * share.weightBytes) * count,
    ...{ kernels: count, backward: 2, isRecomputed: false },
  };
}

function memory(name: string, bytes: number, kernels: number): Operation {
  return { name, kind: "memory", flops: 0, bytes, kernels, backward: 2, isRecomputed: false };
}
