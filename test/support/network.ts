import type { CongestionControl } from "../../src/plan/congestion.js";
import type { LinkClass, SwitchSpec } from "../../src/plan/fabric.js";
import {
  type ClassRules,
  type EcnMarking,
  type LinkCredit,
  NO_QUEUE_LIMIT,
  type PauseTimes,
  type PortBuffers,
  type RunPlan,
  type Transport,
  type WireFormat,
} from "../../src/plan/plan.js";
import { flowGraph } from "./flow-graph.js";
import { planChanges } from "./network-changes.js";
import { planPrograms, withCommunicators } from "./network-programs.js";
import {
  type BufferRules,
  DYNAMIC_XOFF,
  type NetworkClass,
  type NetworkDirection,
  type NetworkLink,
  type NetworkSpec,
  type NetworkSwitch,
} from "./network-spec.js";
import { shortestPathTable } from "./shortest-paths.js";

const DEFAULT_WIRE: WireFormat = {
  headerBytes: 62,
  gapBytes: 20,
  ackBytes: 64,
  pauseBytes: 64,
  ackClass: "control",
  serialization: "round",
};

const DEFAULT_TRANSPORT: Transport = {
  recovery: "go-back-n",
  windowPackets: 0,
  ackEvery: 1,
  ackMarked: false,
  rtoPs: 67_000_000_000,
  mostRtoPs: null,
  retryLimit: 7,
  reorderPackets: 64,
  lostResends: "timeout",
  quietPs: 0,
  congestionControl: null,
};

const DEFAULT_BUFFERS: BufferRules = {
  reserveBytes: 4096,
  headroomBytes: 200_000,
  xoffBytes: DYNAMIC_XOFF,
  alphaShift: 3,
  resumeOffsetBytes: 3072,
  queueLimitBytes: NO_QUEUE_LIMIT,
};

const DEFAULT_MTU_BYTES = 4096;
const DEFAULT_BUFFER_BYTES = 16 * 2 ** 20;
const DEFAULT_NIC_LATENCY_PS = 700_000;
const DEFAULT_SWITCH_LATENCY_PS = 600_000;

/** One end of a link: the device that owns it, and the direction that leaves it. */
interface End {
  readonly node: number;
  readonly link: NetworkLink;
  readonly linkNumber: number;
  readonly direction: Required<NetworkDirection>;
}

/** Resolves a network to a plan. */
export function buildPlan(spec: NetworkSpec): RunPlan {
  const { seed = 1, hosts, switches, links, hostsPerDevice = 1, switchesFirst = false } = spec;
  const hostGroups: number[][] = [];
  for (let i = 0; i < hosts.length; i += hostsPerDevice) hostGroups.push(hosts.slice(i, i + hostsPerDevice));
  const switchDevices = switches.map((sw) => [sw.id]);
  const devices = switchesFirst ? [...switchDevices, ...hostGroups] : [...hostGroups, ...switchDevices];
  const firstSwitchDevice = switchesFirst ? 0 : hostGroups.length;

  const ends = devices.flatMap((nodes) => nodes.flatMap((node) => endsOf(node, links)));
  const firstPort = new Uint32Array(devices.length + 1);
  devices.forEach((nodes, device) => {
    firstPort[device + 1] = firstPort[device]! + ends.filter((end) => nodes.includes(end.node)).length;
  });
  const peerPort = Uint32Array.from(ends, (end) =>
    ends.findIndex((other) => other.linkNumber === end.linkNumber && other.node !== end.node),
  );
  const portOf = (link: number, back: boolean) =>
    ends.findIndex(({ linkNumber, node }) => linkNumber === link && node === (back ? links[link]!.b : links[link]!.a));
  const changed = (port: number, { rateBps, hazardPerByte }: { rateBps?: number; hazardPerByte?: number }): End => {
    const { direction, ...end } = ends[port]!;
    const never = Number.POSITIVE_INFINITY;
    const other = { ...(rateBps && { rateBps }), ...(hazardPerByte !== undefined && { hazardPerByte }) };
    return { ...end, direction: { ...direction, ...other, downAtPs: never } };
  };
  const later = (spec.changes ?? []).flatMap((change) =>
    change.kind === "link" ? [changed(portOf(change.link, change.back), change)] : [],
  );
  const atStart = linkClasses(ends).length;
  const classes = linkClasses([...ends, ...later]);
  const largestMtuBytes = Math.max(...classes.map((known) => known.linkClass.mtuBytes));
  const isHost = (node: number) => hosts.includes(node);
  const nicEnds = ends.filter((end) => isHost(end.node));
  const nics = {
    count: nicEnds.length,
    port: Uint32Array.from(nicEnds, (end) => ends.indexOf(end)),
    rank: Uint32Array.from(nicEnds, (end) => hosts.indexOf(end.node)),
    address: Uint32Array.from(
      nicEnds,
      (end, i) => nicEnds.slice(0, i).filter((before) => isScaleUp(before) === isScaleUp(end)).length,
    ),
    isScaleUp: Uint8Array.from(nicEnds, (end) => (isScaleUp(end) ? 1 : 0)),
  };

  const destinations = nicEnds.map((end, i) => ({ link: end.link, host: end.node, address: nics.address[i]! }));
  const switchSpecs = switches.map(
    (sw, i): SwitchSpec => ({
      device: firstSwitchDevice + i,
      name: `switch-${sw.id}`,
      level: "switch",
      latencyPs: sw.latencyPs ?? DEFAULT_SWITCH_LATENCY_PS,
      bufferBytes: sw.bufferBytes ?? DEFAULT_BUFFER_BYTES,
      routing: sw.range ?? shortestPathTable(sw.id, links, isHost, destinations, sw),
    }),
  );

  const changes = planChanges(spec, {
    portOf,
    classOf: (port, change) => classes.findIndex((known) => known.key === keyOf(changed(port, change).direction)),
    switches: switchSpecs,
  });

  const rule = (key: keyof BufferRules, own?: Partial<BufferRules>) => (end: End) => {
    const sw = switches.find((candidate) => candidate.id === end.node);
    if (sw === undefined) return 0;
    return own?.[key] ?? end.link.buffers?.[key] ?? sw[key] ?? spec.flowControl?.[key] ?? DEFAULT_BUFFERS[key];
  };
  const portBuffers = (own?: Partial<BufferRules>): PortBuffers => ({
    reserveBytes: Uint32Array.from(ends, rule("reserveBytes", own)),
    headroomBytes: Uint32Array.from(ends, rule("headroomBytes", own)),
    xoffBytes: Uint32Array.from(ends, rule("xoffBytes", own)),
    alphaShift: Uint8Array.from(ends, rule("alphaShift", own)),
    resumeOffsetBytes: Uint32Array.from(ends, rule("resumeOffsetBytes", own)),
    queueLimitBytes: Uint32Array.from(ends, rule("queueLimitBytes", own)),
  });
  const isLossless = ({ lossless, credit }: NetworkSwitch) => lossless !== false && credit === undefined;
  const networkClasses = spec.dataClasses ?? [{ priority: 0, weight: 1 }];
  const isRuled = networkClasses.some(({ rules }) => rules !== undefined);
  const classRules = ({ rules = { isLossy: false } }: NetworkClass): ClassRules => ({
    isLossy: rules.isLossy,
    ports: portBuffers(rules),
    dropAlphaNum: rules.dropAlphaNum ?? spec.flowControl?.dropAlphaNum ?? 1,
    dropAlphaDen: rules.dropAlphaDen ?? spec.flowControl?.dropAlphaDen ?? 1,
    ecn: spec.ecn === undefined ? null : ecnMarking({ ...spec.ecn, ...rules.ecn }, classes.length, atStart),
  });
  const wire = { ...DEFAULT_WIRE, ...spec.wire };
  const { nicLatencyPs = DEFAULT_NIC_LATENCY_PS } = spec;
  return {
    seed,
    fabric: {
      deviceCount: devices.length,
      firstPort,
      peerPort,
      portClass: Uint16Array.from(ends, (end) => classes.findIndex((known) => known.key === keyOf(end.direction))),
      linkClasses: classes.map((known) => known.linkClass),
      switches: switchSpecs,
      nics,
      rankCount: hosts.length,
      deviceName: (device) => devices[device]!.map((node) => `${isHost(node) ? "host" : "switch"}-${node}`).join("+"),
      rankName: (rank) => `host-${hosts[rank]}`,
    },
    flows: flowGraph(withCommunicators(spec.flows, spec.programs), (host, nic) =>
      nicEnds.indexOf(nicEnds.filter((end) => end.node === host)[nic]!),
    ),
    wire,
    transport: transportOf(spec, classes.length),
    routing: {
      policy: "ecmp",
      quantumShift: 18,
      entropies: 1,
      freezePs: 0,
      flowletGapPs: 50_000_000,
      flowletEntries: 1024,
      groupDivisor: 1,
      remoteEntries: 64,
      noticeQuanta: 1,
      noticeIntervalPs: 1_000_000,
      ...spec.routing,
    },
    flowControl: {
      lossless: Uint8Array.from(switches, (sw) => (isLossless(sw) ? 1 : 0)),
      ...(networkClasses.some(({ rules }) => rules?.isLossy) && {
        lossyBytes: Float64Array.from(switches, (sw) => (isLossless(sw) ? (sw.lossyBytes ?? 0) : 0)),
      }),
      ...(switches.some(isHeedless) && {
        heedless: Uint8Array.from(switches, (sw) => (isHeedless(sw) ? 1 : 0)),
      }),
      release: spec.flowControl?.release ?? "end",
      pauseResponsePs: spec.flowControl?.pauseResponsePs ?? 0,
      ports: portBuffers(),
      pauses: pauseTimes(spec, ends, peerPort),
      watchdog:
        spec.flowControl?.watchdog === undefined
          ? null
          : {
              guarded: Uint8Array.from(switches, (sw) => (isLossless(sw) ? 1 : 0)),
              ...spec.flowControl.watchdog,
            },
      trim: spec.flowControl?.trim ?? false,
      victim: spec.flowControl?.victim ?? "arriving",
      dropAlphaNum: spec.flowControl?.dropAlphaNum ?? 1,
      dropAlphaDen: spec.flowControl?.dropAlphaDen ?? 1,
      credit: linkCredit(spec, ends, wire),
    },
    dataClasses: networkClasses.map((networkClass) => ({
      priority: networkClass.priority,
      turnBytes: Math.round(networkClass.weight * (largestMtuBytes + wire.headerBytes + wire.gapBytes)),
      ...(isRuled && { rules: classRules(networkClass) }),
    })),
    ecn: spec.ecn === undefined ? null : ecnMarking(spec.ecn, classes.length, atStart),
    hazards: classes.map((known) => hazardTable(known.hazardPerByte, wire, largestMtuBytes)),
    nicLatencyPs: Float64Array.from(nicEnds, (end) =>
      typeof nicLatencyPs === "number" ? nicLatencyPs : nicLatencyPs[hosts.indexOf(end.node)]!,
    ),
    ...(spec.messageOverheadPs !== undefined && {
      messageOverheadPs: new Float64Array(nicEnds.length).fill(spec.messageOverheadPs),
    }),
    ...(spec.programs !== undefined && {
      programs: planPrograms(spec.programs, spec.flows.length, (host) => hosts.indexOf(host)),
    }),
    timeline: [],
    ...(changes.length > 0 && { changes }),
    stalls: (spec.stalls ?? []).map(({ host, nic = 0, ...stall }) => ({
      nic: nicEnds.indexOf(nicEnds.filter((end) => end.node === host)[nic]!),
      ...stall,
    })),
    timeLimitPs: spec.timeLimitPs ?? Number.POSITIVE_INFINITY,
  };
}

function isHeedless({ heedless, lossless, credit }: NetworkSpec["switches"][number]): boolean {
  return heedless === true && lossless === false && credit === undefined;
}

/** Every other class has other rates, where they are to differ. */
function transportOf({ transport, controlScales = [] }: NetworkSpec, classCount: number): Transport {
  const common = { ...DEFAULT_TRANSPORT, ...transport };
  const { congestionControl } = common;
  if (congestionControl === null || controlScales.length === 0) return common;
  const controlByClass = Array.from({ length: classCount }, (_, linkClass) =>
    scaledControl(congestionControl, controlScales[linkClass % controlScales.length]!),
  );
  return { ...common, controlByClass };
}

/** What follows from the rate of a NIC, at another one. What receivers use stays. */
function scaledControl(control: CongestionControl, scale: number): CongestionControl {
  switch (control.kind) {
    case "dcqcn": {
      const { additiveRate, hyperRate } = control;
      return { ...control, additiveRate: scale * additiveRate, hyperRate: scale * hyperRate };
    }
    case "swift": {
      const { firstWindow, mostWindow } = control;
      return { ...control, firstWindow: Math.max(1, scale * firstWindow), mostWindow: scale * mostWindow };
    }
    case "nscc": {
      const { mostWindowBytes, proportional, fair, fastShare, eta } = control;
      return {
        ...control,
        mostWindowBytes: scale * mostWindowBytes,
        proportional: scale * proportional,
        fair: scale * fair,
        fastShare: scale * fastShare,
        eta: scale * eta,
      };
    }
    default:
      return control;
  }
}

function pauseTimes(spec: NetworkSpec, ends: readonly End[], peerPort: Uint32Array): PauseTimes | null {
  const { pauseBytes, refreshShare = 0 } = spec.flowControl ?? {};
  if (pauseBytes === undefined) return null;
  const never = Number.POSITIVE_INFINITY;
  const lastsPs = Float64Array.from(ends, ({ direction }) => Math.round((pauseBytes * 8e12) / direction.rateBps));
  const refreshPs = Float64Array.from(ends, (_, port) =>
    refreshShare === 0 ? never : Math.max(1, Math.floor(refreshShare * lastsPs[peerPort[port]!]!)),
  );
  return { lastsPs, refreshPs };
}

const DEFAULT_CREDIT = { blockBytes: 64, updateBytes: 8, responsePs: 300_000 };

/** A receive buffer holds a packet at least. */
function linkCredit(spec: NetworkSpec, ends: readonly End[], wire: WireFormat): LinkCredit | null {
  if (spec.switches.every(({ credit }) => credit === undefined)) return null;
  const rules = { ...DEFAULT_CREDIT, ...spec.flowControl?.credit };
  const blocks = (bytes: number) => Math.ceil(bytes / rules.blockBytes);
  const switchAt = (node: number) => spec.switches.find(({ id }) => id === node);
  const bufferBlocks = new Uint32Array(ends.length);
  const updateBlocks = new Uint32Array(ends.length);
  ends.forEach((end, port) => {
    const peer = end.link.a === end.node ? end.link.b : end.link.a;
    const { credit } = switchAt(end.node) ?? switchAt(peer) ?? {};
    if (credit === undefined) return;
    const mtuBytes = Math.max(
      ...ends.filter(({ link }) => link === end.link).map(({ direction }) => direction.mtuBytes),
    );
    const most = blocks(Math.max(mtuBytes + wire.headerBytes, wire.ackClass === "data" ? wire.ackBytes : 0));
    bufferBlocks[port] = Math.max(most, blocks(credit.bufferBytes));
    updateBlocks[port] = Math.max(1, Math.min(blocks(credit.updateBytes), bufferBlocks[port]! - most + 1));
  });
  return { ...rules, bufferBlocks, updateBlocks };
}

function endsOf(node: number, links: readonly NetworkLink[]): End[] {
  return links.flatMap((candidate, linkNumber) => {
    if (candidate.a !== node && candidate.b !== node) return [];
    const { rateBps, propagationPs, fecPs = 0, mtuBytes = DEFAULT_MTU_BYTES } = candidate;
    const { hazardPerByte = 0, retries = false, downAtPs = Number.POSITIVE_INFINITY } = candidate;
    const forth = { rateBps, propagationPs, fecPs, mtuBytes, hazardPerByte, retries, downAtPs };
    const direction = candidate.a === node ? forth : { ...forth, ...candidate.back };
    return [{ node, link: candidate, linkNumber, direction }];
  });
}

function isScaleUp(end: End): boolean {
  return end.link.isScaleUp === true;
}

function keyOf(direction: Required<NetworkDirection>): string {
  const { rateBps, propagationPs, fecPs, mtuBytes, hazardPerByte, retries, downAtPs } = direction;
  return [rateBps, propagationPs, fecPs, mtuBytes, hazardPerByte, retries, downAtPs].join(" ");
}

function linkClasses(ends: readonly End[]): { key: string; linkClass: LinkClass; hazardPerByte: number }[] {
  const classes = new Map<string, { key: string; linkClass: LinkClass; hazardPerByte: number }>();
  for (const { direction } of ends) {
    const { hazardPerByte, ...parameters } = direction;
    const key = keyOf(direction);
    // The error ratio is for people; packets are lost by the hazard table.
    const loss = hazardPerByte > 0 ? { preFecBer: 1e-5, interleave: 1, frameLossRatio: 0 } : null;
    classes.set(key, { key, linkClass: { level: "fabric", ...parameters, loss }, hazardPerByte });
  }
  return [...classes.values()];
}

function hazardTable(hazardPerByte: number, wire: WireFormat, mtuBytes: number): Float64Array | null {
  if (hazardPerByte === 0) return null;
  const largest = Math.max(mtuBytes + wire.headerBytes, wire.ackBytes, wire.pauseBytes) + wire.gapBytes;
  return Float64Array.from({ length: largest + 1 }, (_, wireBytes) => wireBytes * hazardPerByte);
}

/** Classes that links take later have thresholds of twice the size. */
function ecnMarking(rules: NonNullable<NetworkSpec["ecn"]>, classCount: number, atStart: number): EcnMarking {
  const { at, kminPs, kmaxPs, pmax } = rules;
  const slope = kmaxPs > kminPs ? pmax / (kmaxPs - kminPs) : 0;
  const perClass = (value: number, later = 2 * value) =>
    new Float64Array(classCount).fill(value, 0, atStart).fill(later, atStart);
  return { at, kminPs: perClass(kminPs), kmaxPs: perClass(kmaxPs), slope: perClass(slope, slope / 2) };
}
