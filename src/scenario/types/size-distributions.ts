/**
 * Published distributions of flow sizes: points of a cumulative distribution, in bytes and per
 * cent. Between two points sizes are equally likely.
 */

/** Bytes, and per cent of flows of at most that size; both rise, to 100. */
export type SizeDistribution = readonly (readonly [bytes: number, percent: number])[];

interface Published {
  readonly source: string;
  readonly points: SizeDistribution;
}

/** Packets of the traces that it was published in. */
const PACKET_BYTES = 1460;

export const SIZE_DISTRIBUTIONS = {
  "web-search": {
    source: "Alizadeh et al., DCTCP, SIGCOMM 2010; points as in HPCC's WebSearch_distribution.txt",
    points: [
      [0, 0],
      [10_000, 15],
      [20_000, 20],
      [30_000, 30],
      [50_000, 40],
      [80_000, 53],
      [200_000, 60],
      [1_000_000, 70],
      [2_000_000, 80],
      [5_000_000, 90],
      [10_000_000, 97],
      [30_000_000, 100],
    ],
  },
  "data-mining": {
    source: "Greenberg et al., VL2, SIGCOMM 2009; points as in pFabric's CDF_vl2.tcl, packets of 1460 bytes",
    points: [
      [0, 0],
      [PACKET_BYTES, 50],
      [2 * PACKET_BYTES, 60],
      [3 * PACKET_BYTES, 70],
      [7 * PACKET_BYTES, 80],
      [267 * PACKET_BYTES, 90],
      [2107 * PACKET_BYTES, 95],
      [66_667 * PACKET_BYTES, 99],
      [666_667 * PACKET_BYTES, 100],
    ],
  },
  hadoop: {
    source:
      "Roy et al., Inside the Social Network's Datacenter Network, SIGCOMM 2015; points as in HPCC's FbHdp_distribution.txt",
    points: [
      [0, 0],
      [100, 1],
      [200, 2],
      [300, 5],
      [350, 15],
      [400, 20],
      [500, 30],
      [600, 40],
      [700, 50],
      [1000, 60],
      [2000, 67],
      [7000, 70],
      [30_000, 72],
      [50_000, 82],
      [80_000, 87],
      [120_000, 90],
      [300_000, 95],
      [1_000_000, 97.5],
      [2_000_000, 99],
      [10_000_000, 100],
    ],
  },
  rpc: {
    source:
      "RPCs of Google before 2008 (Homa, SIGCOMM 2018, W3); every octave of HPCC's GoogleRPC2008.txt, and two points within",
    points: [
      [0, 0],
      [3, 6.48826],
      [32, 9.73239],
      [40, 12.0503],
      [64, 15.5271],
      [77, 22.0705],
      [96, 28.6139],
      [128, 35.1573],
      [158, 40.6446],
      [205, 46.1319],
      [256, 49.7901],
      [313, 60.2272],
      [402, 70.6643],
      [512, 78.4921],
      [652, 81.8469],
      [843, 84.6426],
      [1024, 86.32],
      [1317, 88.3494],
      [1676, 89.8715],
      [2048, 90.8862],
      [2587, 91.9734],
      [3277, 92.8431],
      [4096, 93.4955],
      [5183, 94.7265],
      [6512, 95.6734],
      [8192, 96.4309],
      [10_335, 97.2761],
      [12_918, 97.9225],
      [16_384, 98.4694],
      [20_675, 98.7063],
      [26_314, 98.9002],
      [32_768, 99.0402],
      [65_536, 99.3256],
      [131_072, 99.7129],
      [262_144, 99.8453],
      [524_288, 99.9498],
      [1_027_982, 99.9753],
      [2_073_128, 99.9887],
      [4_135_977, 99.9952],
      [8_231_141, 99.9985],
      [15_158_197, 100],
    ],
  },
} as const satisfies Readonly<Record<string, Published>>;

export type SizeDistributionName = keyof typeof SIZE_DISTRIBUTIONS;

export const SIZE_DISTRIBUTION_NAMES = Object.keys(SIZE_DISTRIBUTIONS) as [
  SizeDistributionName,
  ...SizeDistributionName[],
];

/** Mean size, in bytes. */
export function meanBytes(points: SizeDistribution): number {
  let sum = points[0]![0] * points[0]![1];
  for (let i = 1; i < points.length; i++) {
    const [[below, from], [above, to]] = [points[i - 1]!, points[i]!];
    sum += ((below + above) / 2) * (to - from);
  }
  return sum / 100;
}

/**
 * The size at a share of the flows, in whole bytes, at least one.
 * @param share from 0, below 1
 */
export function sizeAt(points: SizeDistribution, share: number): number {
  const percent = share * 100;
  let i = 0;
  while (points[i]![1] < percent) i += 1;
  if (i === 0) return Math.max(1, points[0]![0]);
  const [[below, from], [above, to]] = [points[i - 1]!, points[i]!];
  return Math.max(1, Math.round(below + ((above - below) * (percent - from)) / (to - from)));
}

/** Why a list of points is no distribution, or null. */
export function distributionFault(points: SizeDistribution): string | null {
  if (points.length === 0) return "the distribution is empty";
  for (let i = 1; i < points.length; i++) {
    if (points[i]![0] < points[i - 1]![0]) return "sizes must rise from point to point";
    if (points[i]![1] < points[i - 1]![1]) return "shares must rise from point to point";
  }
  if (points.at(-1)![1] !== 100) return "the last share must be 100 (per cent)";
  return points.at(-1)![0] >= 1 ? null : "the largest size must be 1 byte or more";
}
