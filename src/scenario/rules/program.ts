/** Programs: that their names lead somewhere, and that each rank has a place in what it uses. */
import { ALGORITHM_ROWS, COLLECTIVES } from "../../plan/collectives.js";
import type { Path } from "../../util/document-path.js";
import { showKey } from "../../util/document-path.js";
import { listOf } from "../../util/list-of.js";
import {
  collectiveSections,
  operationOf,
  streamName,
  type WrittenCommunicator,
  type WrittenProgram,
  type WrittenRole,
} from "../defaults/program.js";
import { rankCount, rankNumbers, type WrittenRank } from "../defaults/ranks.js";
import { groupsOf, writtenAlgorithm } from "../defaults/workload.js";
import type { WrittenStep } from "../schema/program.js";
import type { Sections } from "../schema/sections.js";
import { didYouMean } from "../types/suggest.js";
import { collectiveRules } from "./collective.js";
import { checkRankList } from "./groups.js";
import { type Rule, type RuleContext, ruleOfKind } from "./rule.js";

const at = (...steps: Path): Path => ["workload", ...steps];

export const programRules: Rule[] = [
  ruleOfKind("program", [], (workload, _, context) => {
    checkNames(workload, context);
    workload.roles.forEach((role, r) => {
      checkSteps(role, r, workload, context);
    });
  }),
  ruleOfKind("program", ["topology", "links", "classes", "seed"], (workload, sections, context) => {
    const isRight = workload.communicators.map((each, c) => checkCommunicator(sections, each, c, context));
    const ranks = checkRoles(sections, workload, context);
    if (ranks === null || isRight.includes(false)) return;
    checkMembers(sections, workload, ranks, context);
  }),
];

function checkNames({ communicators, roles }: WrittenProgram, context: RuleContext): void {
  for (const [key, list] of [
    ["communicators", communicators],
    ["roles", roles],
  ] as const) {
    const known = new Set<string>();
    list.forEach(({ name }, i) => {
      if (known.has(name)) context.fail([at(key, i, "name")], `${showKey(name)} is there already; write another name`);
      known.add(name);
    });
  }
}

const KINDS = ["compute", "collective", "send", "receive", "signal", "wait", "repeat"] as const;

/** A step with its place. */
interface Placed {
  readonly step: WrittenStep;
  readonly path: Path;
  readonly stream: number;
}

function stepsOf({ streams }: WrittenRole, number: number): Placed[] {
  const inside = (steps: readonly WrittenStep[], path: Path, stream: number): Placed[] =>
    steps.flatMap((step, i) => {
      const own = { step, path: [...path, i], stream };
      return [own, ...inside(step.do ?? [], [...own.path, "do"], stream)];
    });
  return streams.flatMap((each, s) => inside(each.do, at("roles", number, "streams", s, "do"), s));
}

function checkSteps(role: WrittenRole, number: number, program: WrittenProgram, context: RuleContext): void {
  const placed = stepsOf(role, number);
  const known = new Map(program.communicators.map((each) => [each.name, each]));
  const streamOf = new Map<string, number>();
  const signalled = new Set(placed.flatMap(({ step }) => step.signal ?? []));
  for (const { step, path, stream } of placed) {
    checkForm(step, path, context);
    if (step.wait !== undefined && !signalled.has(step.wait)) {
      const advice = `add a step { signal: ${step.wait} } to a stream of ${role.name}`;
      context.fail([[...path, "wait"]], `nothing signals ${showKey(step.wait)} in this role; ${advice}`);
    }
    const operation = operationOf(step);
    if (operation === undefined) continue;
    const { communicator: name, side } = operation;
    const key = side === "all" ? "collective" : side === "sender" ? "send" : "receive";
    const communicator = known.get(name);
    if (communicator === undefined) {
      const names = [...known.keys()];
      const list = names.length === 0 ? "list it under communicators" : `communicators are ${names.join(", ")}`;
      context.fail([[...path, key]], `there is no communicator ${showKey(name)}${didYouMean(name, names)}; ${list}`);
      continue;
    }
    if ((communicator.pairs === undefined) !== (side === "all")) {
      const right = side === "all" ? "send or receive" : "collective";
      const what = side === "all" ? "has pairs" : "is of a collective";
      context.fail([[...path, key]], `${name} ${what}; write ${right}: ${name}`);
    }
    checkOwnSize(step, communicator, path, context);
    const used = `${name} ${side}`;
    const other = streamOf.get(used) ?? stream;
    streamOf.set(used, other);
    if (other === stream) continue;
    const streams = [other, stream].map((s) => streamName(role.streams[s]!, s)).join(" and ");
    context.fail(
      [[...path, key]],
      `${name} is in the streams ${streams}; operations of one communicator belong into one stream, or give the other one a communicator of its own`,
    );
  }
}

/** An operation with a size of its own, of a collective that has one for all ranks. */
function checkOwnSize(step: WrittenStep, written: WrittenCommunicator, path: Path, context: RuleContext): void {
  if (step.size === undefined || written.pairs !== undefined) return;
  const { hasSize } = COLLECTIVES[written.collective];
  if (hasSize && written.sizes === undefined) return;
  const why = hasSize ? "its communicator has sizes for each pair of ranks" : "a barrier moves no data";
  context.fail([[...path, "size"]], `${why}; leave the size out`);
}

function checkForm(step: WrittenStep, path: Path, context: RuleContext): void {
  const kinds = KINDS.filter((kind) => step[kind] !== undefined);
  if (kinds.length !== 1) {
    const what = kinds.length === 0 ? "a step that does nothing" : `${kinds.join(" and ")} in one step`;
    context.fail([path], `${what}; write one of ${KINDS.join(", ")}`);
    return;
  }
  const kind = kinds[0]!;
  const isOperation = kind === "collective" || kind === "send" || kind === "receive";
  const taken: readonly string[] = [
    ...(isOperation ? ["size", "ends", "label"] : []),
    ...(kind === "compute" ? ["label"] : []),
    ...(kind === "repeat" ? ["do"] : []),
  ];
  for (const key of ["size", "ends", "label", "do"] as const) {
    if (step[key] === undefined || taken.includes(key)) continue;
    context.fail([[...path, key]], `${key} is nothing that ${kind} takes; leave it out`);
  }
  if (kind === "repeat" && step.do === undefined) {
    context.fail([path], "repeat without do; write do: [ … ] with the steps to repeat");
  }
}

/** Returns whether the communicator is right. */
function checkCommunicator(
  sections: Sections,
  written: WrittenCommunicator,
  number: number,
  context: RuleContext,
): boolean {
  let isRight = true;
  const here = at("communicators", number);
  const inside = (path: Path) => (path[0] === "workload" ? [...here, ...path.slice(1)] : path);
  const own: RuleContext = {
    ...context,
    fail: (paths, message) => {
      isRight = false;
      context.fail(paths.map(inside), message);
    },
    isWritten: (path) => context.isWritten(inside(path)),
  };
  if (written.pairs !== undefined) {
    checkPairs(sections, written, own);
    return isRight;
  }
  if (written.rendezvous !== undefined) own.fail([at("rendezvous")], "rendezvous is for pairs; leave it out");
  checkReduced(written, own);
  if (!isRight) return false;
  for (const rule of collectiveRules) rule.check(collectiveSections(sections, written) as Sections, own);
  if (!isRight || written.ranks === undefined) return isRight;
  const all = groupsOf(written.ranks as WrittenRank[] | WrittenRank[][]).flat();
  const numberOf = rankNumbers(sections.topology);
  const known = new Set<number | null>();
  const twice = all.find((rank) => known.size === known.add(numberOf(rank)).size);
  if (twice !== undefined) own.fail([at("ranks")], `rank ${twice} is in two groups; a rank is in one at most`);
  return isRight;
}

/** Switches reduce operations of collectives that start by themselves. */
function checkReduced({ collective, algorithm }: WrittenCommunicator, context: RuleContext): void {
  const name = writtenAlgorithm({ collective, algorithm });
  if (name === "auto" || ALGORITHM_ROWS[name].reducesIn === undefined) return;
  const others = COLLECTIVES[collective].algorithms.filter((other) => ALGORITHM_ROWS[other].reducesIn === undefined);
  context.fail(
    [at("algorithm")],
    `switches reduce no operation of a program; write algorithm: ${listOf(others, "or")}, or a workload of kind collective`,
  );
}

/** Settings of a collective that messages of pairs have no use for. */
const NOT_OF_PAIRS = [
  ...(["collective", "algorithm", "protocol", "tuner", "sizes", "root", "repeat"] as const),
  ...(["chunk", "channels", "ranks", "reductionDelay"] as const),
];

function checkPairs({ topology }: Sections, written: WrittenCommunicator, context: RuleContext): void {
  const { pairs = [] } = written;
  if (written.size === undefined) {
    context.fail([at("size")], "missing; write the bytes of each message, e.g. size: 4MiB");
  }
  for (const key of NOT_OF_PAIRS) {
    if (context.isWritten(at(key))) context.fail([at(key)], `${key} is nothing that pairs take; leave it out`);
  }
  const senders = new Set<number>();
  const receivers = new Set<number>();
  const numberOf = rankNumbers(topology);
  pairs.forEach((pair, i) => {
    if (checkRankList(pair, topology, (place) => at("pairs", i, place), context) === null) return;
    const [src, dst] = pair.map((rank) => numberOf(rank)!);
    if (senders.has(src!))
      context.fail([at("pairs", i, 0)], `rank ${pair[0]} sends in two pairs; write a communicator for each`);
    if (receivers.has(dst!))
      context.fail([at("pairs", i, 1)], `rank ${pair[1]} receives in two pairs; write a communicator for each`);
    senders.add(src!);
    receivers.add(dst!);
  });
}

/** Ranks by role; null where they are wrong. */
function checkRoles({ topology }: Sections, program: WrittenProgram, context: RuleContext): number[][] | null {
  const owner = new Map<number, string>();
  let isRight = true;
  const fail = (path: Path, message: string) => {
    isRight = false;
    context.fail([path], message);
  };
  const listed = program.roles.map(({ name, ranks }, r) => {
    if (ranks === undefined) return null;
    const numbers = checkRankList(ranks, topology, (place) => at("roles", r, "ranks", place), context);
    if (numbers === null) isRight = false;
    numbers?.forEach((rank, place) => {
      const other = owner.get(rank);
      if (other !== undefined)
        fail(at("roles", r, "ranks", place), `rank ${rank} has the role ${other} already; leave it out once`);
      owner.set(rank, name);
    });
    return numbers ?? [];
  });
  if (!isRight) return null;
  const left = Array.from({ length: rankCount(topology) }, (_, rank) => rank).filter((rank) => !owner.has(rank));
  const open = listed.flatMap((ranks, r) => (ranks === null ? [r] : []));
  if (open.length > 1) {
    fail(at("roles", open[1]!), "two roles without ranks; list the ranks of all but one");
  } else if (open.length === 1 && left.length === 0) {
    fail(at("roles", open[0]!), "no rank is left for this role; list its ranks, or leave it out");
  }
  if (program.record !== undefined) {
    checkRankList(program.record.ranks, topology, (place) => at("record", "ranks", place), context);
  }
  return isRight ? listed.map((ranks) => ranks ?? left) : null;
}

/** Every rank that uses a communicator is in it, and every rank that is in one uses it. */
function checkMembers(
  { topology }: Sections,
  program: WrittenProgram,
  ranks: readonly number[][],
  context: RuleContext,
): void {
  const numberOf = rankNumbers(topology);
  const membersOf = ({ pairs, ranks: groups }: WrittenCommunicator, side: "all" | "sender" | "receiver") => {
    if (pairs !== undefined) return new Set(pairs.map((pair) => numberOf(pair[side === "sender" ? 0 : 1])!));
    if (groups === undefined) return null;
    return new Set(
      groupsOf(groups as WrittenRank[] | WrittenRank[][]).flatMap((group) => group.map((r) => numberOf(r)!)),
    );
  };
  program.communicators.forEach((communicator, c) => {
    for (const side of communicator.pairs === undefined ? (["all"] as const) : (["sender", "receiver"] as const)) {
      const members = membersOf(communicator, side);
      const users = new Set<number>();
      program.roles.forEach((role, r) => {
        for (const { step, path } of stepsOf(role, r)) {
          const operation = operationOf(step);
          if (operation?.communicator !== communicator.name || operation.side !== side) continue;
          for (const rank of ranks[r]!) users.add(rank);
          const stranger = members && ranks[r]!.find((rank) => !members.has(rank));
          if (stranger === null || stranger === undefined) continue;
          const what = side === "all" ? "is in none of the groups of" : `is no ${side} of`;
          context.fail(
            [path],
            `rank ${stranger} of ${role.name} ${what} ${communicator.name}; add it, or give it another role`,
          );
          break;
        }
      });
      const all = members ?? new Set(Array.from({ length: rankCount(topology) }, (_, rank) => rank));
      const idle = users.size === 0 && side === "all" ? undefined : [...all].find((rank) => !users.has(rank));
      if (idle === undefined) continue;
      const does =
        side === "all"
          ? `has no step { collective: ${communicator.name} }`
          : side === "sender"
            ? `never sends`
            : "never receives";
      context.fail(
        [at("communicators", c)],
        `rank ${idle} is in ${communicator.name}, but its role ${does}; the others would wait for it`,
      );
    }
  });
}
