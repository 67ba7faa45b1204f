/** Parameters of transformers: of a layer, of the embeddings, of the whole model. */
import type { TransformerRow } from "../../plan/training/models.js";

/** Of one layer, by what they belong to. */
export interface LayerParameters {
  readonly attention: number;
  /** Dense feed-forward part, shared experts, the router and norms: what every token passes. */
  readonly dense: number;
  /** All routed experts together. */
  readonly experts: number;
}

/** Whether a layer has experts. */
export function hasExperts({ experts }: TransformerRow, layer: number): boolean {
  return experts !== null && layer >= experts.denseLayers;
}

/** Width of a head of queries. */
export function headWidth({ hidden, heads }: TransformerRow): number {
  return hidden / heads;
}

export function layerParameters(model: TransformerRow, layer: number): LayerParameters {
  const { hidden, ffn, experts } = model;
  const norms = 2 * hidden;
  if (experts === null || !hasExperts(model, layer)) {
    return { attention: attentionParameters(model), dense: feedForward(model, ffn) + norms, experts: 0 };
  }
  const shared = experts.shared * feedForward(model, experts.ffn);
  const router = hidden * experts.count;
  return {
    attention: attentionParameters(model),
    dense: shared + router + norms,
    experts: experts.count * feedForward(model, experts.ffn),
  };
}

/** Embedding, and the output layer where it is another matrix. */
function embeddingParameters({ vocabulary, hidden, tiesEmbeddings }: TransformerRow): number {
  return (tiesEmbeddings ? 1 : 2) * vocabulary * hidden;
}

export function modelParameters(model: TransformerRow): number {
  let sum = embeddingParameters(model) + model.hidden;
  for (let layer = 0; layer < model.layers; layer++) {
    const { attention, dense, experts } = layerParameters(model, layer);
    sum += attention + dense + experts;
  }
  return sum;
}

/** Parameters that a token passes. */
export function activeParameters(model: TransformerRow): number {
  let sum = embeddingParameters(model) + model.hidden;
  for (let layer = 0; layer < model.layers; layer++) {
    const { attention, dense, experts } = layerParameters(model, layer);
    const share = model.experts === null ? 0 : model.experts.perToken / model.experts.count;
    sum += attention + dense + experts * share;
  }
  return sum;
}

function attentionParameters(model: TransformerRow): number {
  const { hidden, heads, kvHeads, latentAttention } = model;
  if (latentAttention === null) return hidden * headWidth(model) * 2 * (heads + kvHeads);
  const { queryRank, kvRank, nopeWidth, ropeWidth, valueWidth } = latentAttention;
  const queries = hidden * queryRank + queryRank * heads * (nopeWidth + ropeWidth);
  const keysAndValues = hidden * (kvRank + ropeWidth) + kvRank * heads * (nopeWidth + valueWidth);
  return queries + keysAndValues + heads * valueWidth * hidden;
}

function feedForward({ hidden, isGated }: TransformerRow, width: number): number {
  return (isGated ? 3 : 2) * hidden * width;
}
