/** Programs of a smaller run, and the program ranks that each of its own stands for. */
import type { FlowEnds, Programs } from "../../plan/programs.js";
import { type Classes, firstOf } from "./classes.js";
import { rankOfPart } from "./parts.js";
import type { ProgramParts } from "./program-parts.js";

export interface FoldedPrograms {
  readonly programs: Programs;
  /** Program ranks of the whole run that program rank `r` stands for: `images[r · copies] …`. */
  readonly images: Uint32Array;
}

/** What a smaller run has of the classes: ranks and flows by the class, in its order. */
export interface SmallParts {
  readonly ranks: readonly number[];
  readonly flows: readonly number[];
}

/** Undefined where none of the ranks runs a program. */
export function foldPrograms(classes: Classes, { ranks, flows }: SmallParts): FoldedPrograms | undefined {
  const { classOf, first, members, parts } = classes;
  const { programs: whole } = parts.usage;
  if (whole === null) return undefined;
  const models: number[] = [];
  const fabricRanks: number[] = [];
  const images: number[] = [];
  /** By class of a rank: the first of its program ranks in the smaller run. */
  const firstRank = new Map<number, number>();
  ranks.forEach((number, rank) => {
    firstRank.set(number, models.length);
    const alike = Array.from(members.subarray(first[number], first[number + 1]), (part) => rankOfPart(parts, part));
    const count = whole.first[alike[0]! + 1]! - whole.first[alike[0]!]!;
    for (let place = 0; place < count; place++) {
      models.push(whole.list[whole.first[alike[0]!]! + place]!);
      fabricRanks.push(rank);
      images.push(...alike.map((each) => whole.list[whole.first[each]! + place]!));
    }
  });
  if (models.length === 0) return undefined;
  const slotFirst = slotsOf(whole, models);
  const partOfRank = rankParts(classes, ranks);
  const entryOf = (entry: number) => {
    const model = whole.rankOfSlot[entry]!;
    const small = firstRank.get(classOf[partOfRank.get(whole.programs.ranks.rank[model]!)!]!)! + whole.placeOf[model]!;
    return slotFirst[small]! + entry - whole.programs.ranks.slotFirst[model]!;
  };
  const flowModels = flows.map((number) => firstOf(classes, number));
  const ends: FlowEnds = endsOf(whole, flowModels, entryOf);
  return {
    programs: {
      ...whole.programs,
      ranks: { ...ranksOf(whole.programs, models, fabricRanks), slotFirst, slots: new Uint32Array(slotFirst.at(-1)!) },
      communicators: { ...communicatorsOf(whole, flowModels), ends },
      recorded: recordedOf(whole.programs, images, models.length),
    },
    images: Uint32Array.from(images),
  };
}

function slotsOf({ programs }: ProgramParts, models: readonly number[]): Uint32Array {
  const { slotFirst } = programs.ranks;
  const first = new Uint32Array(models.length + 1);
  models.forEach((model, rank) => {
    first[rank + 1] = first[rank]! + slotFirst[model + 1]! - slotFirst[model]!;
  });
  return first;
}

/** By rank of the fabric, of those whose class is in the smaller run: its part. */
function rankParts({ parts, first, members }: Classes, ranks: readonly number[]): Map<number, number> {
  const partOf = new Map<number, number>();
  for (const number of ranks) {
    for (const part of members.subarray(first[number], first[number + 1])) partOf.set(rankOfPart(parts, part), part);
  }
  return partOf;
}

function ranksOf({ ranks }: Programs, models: readonly number[], fabricRanks: readonly number[]) {
  const times = (column: Float64Array) => Float64Array.from(models, (model) => column[model]!);
  return {
    count: models.length,
    rank: Uint32Array.from(fabricRanks),
    job: Uint16Array.from(models, (model) => ranks.job[model]!),
    role: Uint32Array.from(models, (model) => ranks.role[model]!),
    startPs: times(ranks.startPs),
    computeFactor: times(ranks.computeFactor),
    jitter: times(ranks.jitter),
  };
}

function endsOf(
  { source, destination, firstFlow, endFlow }: ProgramParts,
  flowModels: readonly number[],
  entryOf: (entry: number) => number,
): FlowEnds {
  const bound = flowModels.filter((flow) => flow >= firstFlow && flow < endFlow);
  return {
    source: Uint32Array.from(bound, (flow) => entryOf(source[flow - firstFlow]!)),
    destination: Uint32Array.from(bound, (flow) => entryOf(destination[flow - firstFlow]!)),
  };
}

/**
 * Each flow is a communicator of its own: which operations it has in common with others stands at
 * its ends. Flows keep their order, so those of communicators lie next to each other.
 */
function communicatorsOf({ firstFlow, endFlow, programs }: ProgramParts, flowModels: readonly number[]) {
  const before = flowModels.filter((flow) => flow < firstFlow).length;
  const bound = flowModels.filter((flow) => flow >= firstFlow && flow < endFlow);
  const operations = operationsOf(programs);
  return {
    count: bound.length,
    firstFlow: Uint32Array.from({ length: bound.length + 1 }, (_, i) => before + i),
    operations: Uint32Array.from(bound, (flow) => operations[flow - firstFlow]!),
  };
}

/** By flow of a communicator: operations of it. */
function operationsOf({ communicators }: Programs): Uint32Array {
  const { count, firstFlow, operations } = communicators;
  const ofFlow = new Uint32Array(firstFlow[count]! - firstFlow[0]!);
  for (let c = 0; c < count; c++) {
    ofFlow.fill(operations[c]!, firstFlow[c]! - firstFlow[0]!, firstFlow[c + 1]! - firstFlow[0]!);
  }
  return ofFlow;
}

/** Program ranks that stand for one that is recorded. */
function recordedOf({ recorded }: Programs, images: readonly number[], count: number): number[] {
  const copies = images.length / count;
  const wanted = new Set(recorded);
  return Array.from({ length: count }, (_, rank) => rank).filter((rank) =>
    images.slice(rank * copies, (rank + 1) * copies).some((image) => wanted.has(image)),
  );
}
