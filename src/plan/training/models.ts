/** Models whose training steps can be simulated, one row each. Sizes as their papers print them. */

export interface TransformerRow {
  readonly kind: "transformer";
  readonly name: string;
  readonly sentence: string;
  readonly source: string;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  /** Heads of keys and values; fewer than `heads` with grouped-query attention. */
  readonly kvHeads: number;
  /** Width of the feed-forward part of a dense layer. */
  readonly ffn: number;
  /** SwiGLU: three matrices instead of two. */
  readonly isGated: boolean;
  readonly vocabulary: number;
  /** Input and output embeddings are one matrix. */
  readonly tiesEmbeddings: boolean;
  readonly experts: MixtureOfExperts | null;
  readonly latentAttention: LatentAttention | null;
}

export interface MixtureOfExperts {
  readonly count: number;
  /** Experts that a token goes to. */
  readonly perToken: number;
  /** Experts that every token goes to. */
  readonly shared: number;
  /** Width of an expert. */
  readonly ffn: number;
  /** Layers at the start that are dense. */
  readonly denseLayers: number;
}

/** Multi-head latent attention (DeepSeek-V2, section 2.1). */
export interface LatentAttention {
  readonly queryRank: number;
  readonly kvRank: number;
  /** Of a head: without and with positions, and of values. */
  readonly nopeWidth: number;
  readonly ropeWidth: number;
  readonly valueWidth: number;
}

/** A convolutional network: data parallelism only. */
export interface ConvolutionalRow {
  readonly kind: "convolutional";
  readonly name: string;
  readonly sentence: string;
  readonly source: string;
  readonly parameters: number;
  /** Multiplications and additions of a forward pass over one image. */
  readonly forwardFlops: number;
  /** Layers, which gradients come from one by one. */
  readonly layers: number;
}

export type ModelRow = TransformerRow | ConvolutionalRow;

const llama = {
  kind: "transformer",
  isGated: true,
  vocabulary: 128_256,
  tiesEmbeddings: false,
  experts: null,
  latentAttention: null,
  source: "The Llama 3 Herd of Models (2024), table 3.",
} as const;

const gpt = {
  kind: "transformer",
  isGated: false,
  vocabulary: 51_200,
  tiesEmbeddings: true,
  experts: null,
  latentAttention: null,
  source: "Narayanan et al., SC 2021, table 1; Korthikanti et al., MLSys 2023, table 3.",
} as const;

const MODELS: readonly ModelRow[] = [
  {
    ...llama,
    name: "llama-3-8b",
    sentence: "Llama 3, 8.0 billion parameters, grouped-query attention.",
    ...{ layers: 32, hidden: 4096, heads: 32, kvHeads: 8, ffn: 14_336 },
  },
  {
    ...llama,
    name: "llama-3-70b",
    sentence: "Llama 3, 70.6 billion parameters, grouped-query attention.",
    ...{ layers: 80, hidden: 8192, heads: 64, kvHeads: 8, ffn: 28_672 },
  },
  {
    ...llama,
    name: "llama-3-405b",
    sentence: "Llama 3, 405 billion parameters, grouped-query attention.",
    ...{ layers: 126, hidden: 16_384, heads: 128, kvHeads: 8, ffn: 53_248 },
  },
  {
    ...gpt,
    name: "gpt-3-175b",
    sentence: "GPT-3, 175 billion parameters.",
    ...{ layers: 96, hidden: 12_288, heads: 96, kvHeads: 96, ffn: 49_152 },
  },
  {
    ...gpt,
    name: "gpt-3-530b",
    sentence: "The GPT of Megatron-Turing NLG, 530 billion parameters.",
    ...{ layers: 105, hidden: 20_480, heads: 128, kvHeads: 128, ffn: 81_920 },
  },
  {
    ...gpt,
    name: "gpt-3-1t",
    sentence: "A GPT of 1.01 trillion parameters.",
    ...{ layers: 128, hidden: 25_600, heads: 160, kvHeads: 160, ffn: 102_400 },
  },
  {
    ...llama,
    name: "mixtral-8x7b",
    sentence: "Mixtral, 46.7 billion parameters, of 8 experts each token takes 2.",
    source: "Mixtral of Experts (2024), table 1.",
    ...{ layers: 32, hidden: 4096, heads: 32, kvHeads: 8, ffn: 14_336, vocabulary: 32_000 },
    experts: { count: 8, perToken: 2, shared: 0, ffn: 14_336, denseLayers: 0 },
  },
  {
    ...llama,
    name: "deepseek-v3",
    sentence: "DeepSeek-V3, 671 billion parameters, of 256 experts each token takes 8, and one shared.",
    source: "DeepSeek-V3 Technical Report (2024), section 4.2; its published configuration.",
    ...{ layers: 61, hidden: 7168, heads: 128, kvHeads: 128, ffn: 18_432, vocabulary: 129_280 },
    experts: { count: 256, perToken: 8, shared: 1, ffn: 2048, denseLayers: 3 },
    latentAttention: { queryRank: 1536, kvRank: 512, nopeWidth: 128, ropeWidth: 64, valueWidth: 128 },
  },
  {
    kind: "convolutional",
    name: "resnet-50",
    sentence: "ResNet-50 on images of 224 x 224, 25.6 million parameters.",
    source: "He et al., CVPR 2016; 4.1 billion multiply-adds per image (torchvision).",
    parameters: 25_557_032,
    forwardFlops: 8.2e9,
    layers: 54,
  },
];

export const MODEL_NAMES = MODELS.map(({ name }) => name);

/** The row of a name; undefined where there is none. */
export function modelRow(name: string): ModelRow | undefined {
  return MODELS.find((row) => row.name === name);
}
