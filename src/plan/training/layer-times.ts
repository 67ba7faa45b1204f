/** Measured times of a model's layers on a GPU, in place of the roofline. */

/** Seconds of a piece of work for one micro-batch of a rank. */
export interface PassSeconds {
  readonly forward: number;
  /** What is computed again included. */
  readonly backward: number;
}

/** Parts of a layer: two of a transformer's, and the whole of a convolutional one. */
export const LAYER_BLOCKS = ["attention", "mlp", "layer"] as const;
export type LayerBlock = (typeof LAYER_BLOCKS)[number];

/** What a model has once, before its layers and behind them. */
export const END_BLOCKS = ["embedding", "output"] as const;
export type EndBlock = (typeof END_BLOCKS)[number];

type BlockTimes = Readonly<Partial<Record<LayerBlock, PassSeconds>>>;

/** What is not there is computed by the roofline. */
export interface LayerTimes {
  readonly everyLayer: BlockTimes;
  /** By number of a layer, as far as rows name layers; before those of every layer. */
  readonly byLayer: readonly BlockTimes[];
  readonly ends: Readonly<Partial<Record<EndBlock, PassSeconds>>>;
  /** Seconds of a step's optimizer at a rank. */
  readonly optimizer: number | null;
}

/** Seconds of a block that were measured. */
export function measuredBlock(times: LayerTimes | null, layer: number, block: LayerBlock): PassSeconds | undefined {
  return times?.byLayer[layer]?.[block] ?? times?.everyLayer[block];
}
