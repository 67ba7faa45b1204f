import fc from "fast-check";
import { maybe } from "./maybe.js";
import type { NetworkSpec } from "./network-spec.js";

/** Instants of a run as shares of its length, beyond its end too. */
const share = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 1, max: 10, noNaN: true }) },
);

/** When things happen that have a time of their own, whatever the length of a run. */
export interface Spread {
  /** Of flows in turn; undefined leaves a start as it is. */
  readonly starts: readonly (number | undefined)[];
  /** A link goes down, both ways. */
  readonly failure: { readonly link: number; readonly at: number } | undefined;
  /** A NIC stalls. */
  readonly stall: { readonly host: number; readonly from: number; readonly until: number } | undefined;
  readonly timeLimit: number | undefined;
  readonly rto: number | undefined;
}

/**
 * Starts all over a run, with idle times between them; faults, limits and timeouts too, but less
 * often.
 */
export const randomSpread: fc.Arbitrary<Spread> = fc.record({
  starts: fc.array(maybe(2, share), { minLength: 1, maxLength: 8 }),
  failure: maybe(4, fc.record({ link: fc.nat(), at: share })),
  stall: maybe(6, fc.record({ host: fc.nat(), from: share, until: share })),
  timeLimit: maybe(4, share),
  rto: maybe(4, share),
});

/** A NIC's timeout is no shorter, or little else would happen. */
const MIN_RTO_PS = 20_000_000;
/** Time limit of runs that may go on for long, in lengths. */
const MAX_LENGTHS = 20;

/**
 * Spreads what has a time of its own over a run.
 * @param lengthPs How long the run of the network takes as it is.
 */
export function spreadOver(spec: NetworkSpec, lengthPs: number, spread: Spread): NetworkSpec {
  const at = (share: number) => Math.floor(share * lengthPs);
  const flows = spec.flows.map((flow, i) => {
    const start = spread.starts[i % spread.starts.length];
    return start === undefined ? flow : { ...flow, startPs: at(start) };
  });
  const { failure, stall, timeLimit, rto } = spread;
  const links = spec.links.map((link, i) => {
    return failure !== undefined && i === failure.link % spec.links.length
      ? { ...link, downAtPs: at(failure.at) }
      : link;
  });
  const onCredit = spec.switches.some(({ credit }) => credit !== undefined);
  const stalls =
    stall === undefined || onCredit || stall.until <= stall.from
      ? (spec.stalls ?? [])
      : [
          {
            host: spec.hosts[stall.host % spec.hosts.length]!,
            fromPs: at(stall.from),
            untilPs: at(stall.until) + 1,
            bufferBytes: 5000,
          },
        ];
  // What waits for a link that is down ends only after its timeouts, and may refresh pauses until
  // then.
  const mayGoOn = failure !== undefined || stalls.length !== 0;
  const limit = timeLimit ?? (mayGoOn || spec.timeLimitPs !== undefined ? MAX_LENGTHS : undefined);
  return {
    ...spec,
    flows,
    links,
    stalls,
    transport: {
      ...spec.transport,
      ...(rto !== undefined && { rtoPs: Math.max(MIN_RTO_PS, at(rto)), mostRtoPs: null }),
    },
    ...(limit !== undefined && { timeLimitPs: at(limit) }),
  };
}
