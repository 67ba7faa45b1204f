/** Lays the regions of a run out in linear memory, from the sizes in its header. */
import { ControlTable, Grant, Granter } from "../congestion/records";
import { allocate, run } from "../memory/arena";
import { SEGMENT_BYTES } from "../memory/chunks";
import { Change, LinkState } from "../memory/structs/change";
import { GROUP_WORDS, MAX_POLICY_PARAMETERS, MAX_THREADS } from "../memory/structs/limits";
import { Device } from "../memory/structs/device";
import { DueCnps, Nic, NicClass, Paced, Stall, Start } from "../memory/structs/nic";
import { POLICY_CALL_BYTES } from "../memory/structs/policy";
import {
  Graph,
  GraphNode,
  Instruction,
  LabelTotal,
  Member,
  ProgramFlow,
  ProgramHost,
  ProgramRank,
  ProgramStream,
  Timeline,
  TimelineEntry,
} from "../memory/structs/program";
import { ClassQueue, DataClass, LinkCredit, PauseClock, Port, PortExtra } from "../memory/structs/port";
import { Receiver, Sender, Upstream } from "../memory/structs/queue-pair";
import { ReductionMember, PartialSum, ReductionChild, ReductionNode, ReductionUnit } from "../memory/structs/reduction";
import { MAX_SAMPLES, Sample } from "../memory/structs/sample";
import { Group, Switch } from "../memory/structs/switch";
import { Thread } from "../memory/structs/thread";

/** Segments of the pool that 4 GiB can hold. */
const SEGMENTS: u32 = <u32>(((<u64>1) << 32) / SEGMENT_BYTES);

/** Sets the region addresses of the header. TypeScript fills the regions, then calls `begin`. */
export function layOut(): void {
  run.devices = region(offsetof<Device>(), run.deviceCount);
  run.ports = region(offsetof<Port>(), run.portCount * run.classCount);
  run.portExtras = region(offsetof<PortExtra>(), run.portCount * run.classCount);
  run.switches = region(offsetof<Switch>(), run.switchCount);
  run.groups = region(offsetof<Group>(), run.groupCount);
  run.routes = region(1, run.routeBytes);
  run.nics = region(offsetof<Nic>(), run.nicCount);
  run.senders = region(offsetof<Sender>(), run.flowCount);
  run.receivers = region(offsetof<Receiver>(), run.flowCount);
  run.connections = region(4, run.flowCount);
  run.sendLists = region(4, run.sendEntries);
  run.starts = region(offsetof<Start>(), run.sendEntries);
  run.upstreams = region(offsetof<Upstream>(), run.dependencyCount);
  run.dependents = region(4, run.dependencyCount);
  run.hazards = region(1, run.hazardBytes);
  run.bitmaps = region(1, run.bitmapBytes);
  run.ticks = region(1, run.tickBytes);
  run.flowlets = region(1, run.flowletBytes);
  run.pauseClocks = region(offsetof<PauseClock>(), run.pauseClockCount);
  run.stalls = region(offsetof<Stall>(), run.stallCount);
  run.remotes = region(1, run.remoteBytes);
  run.portSamples = region(1, run.sampleBytes);
  if (run.stateWords != 0) planPolicy();
  run.packetMaps = region(1, run.packetMapBytes);
  if (run.congestionBytes != 0) {
    run.congestion = region(run.congestionBytes, run.flowCount);
    run.controlParameters = region(ControlTable.RecordBytes, run.controlCount);
    run.paced = region(offsetof<Paced>(), run.sendEntries);
  }
  run.spraying = region(run.sprayingBytes, run.flowCount);
  if (run.pullQuanta != 0) {
    run.granters = region(offsetof<Granter>(), run.nicCount);
    run.grants = region(offsetof<Grant>(), run.flowCount);
  }
  if (run.cnpDelayPs != 0) run.dueCnps = region(offsetof<DueCnps>(), run.nicCount);
  if (run.creditBlockBytes != 0) run.credits = region(offsetof<LinkCredit>(), run.portCount * run.classCount);
  if (run.classCount != 1) planClasses();
  if (run.programRankCount != 0) layOutPrograms();
  if (run.reductionNodeCount != 0) layOutReduction();
  run.changes = region(offsetof<Change>(), run.changeCount);
  run.linkStates = region(offsetof<LinkState>(), run.linkStateCount);
  if (run.tagBytes != 0) run.tagTable = region(4, SEGMENTS);
  run.wakes = region(8 * run.slots, (run.deviceCount + 63) >> 6);
  run.threads = region(offsetof<Thread>(), MAX_THREADS);
  run.samples = region(offsetof<Sample>(), MAX_SAMPLES);
  // Behind all that fast-forward keeps of a state: what programs did is not looked at again.
  if (run.programRankCount != 0) {
    run.timelineEntries = region(run.timelineLimit * offsetof<TimelineEntry>(), run.timelineCount);
  }
}

/** What programs take. */
function layOutPrograms(): void {
  run.programHosts = region(offsetof<ProgramHost>(), run.deviceCount);
  run.programRanks = region(offsetof<ProgramRank>(), run.programRankCount);
  run.programStreams = region(offsetof<ProgramStream>(), run.programStreamCount);
  run.instructions = region(offsetof<Instruction>(), run.instructionCount);
  run.members = region(offsetof<Member>(), run.memberCount);
  run.memberFlows = region(4, run.memberFlowCount);
  run.programSlots = region(4, run.slotCount);
  run.signals = region(4, run.signalCount);
  run.signallers = region(4, run.signallerCount);
  run.programFlows = region(offsetof<ProgramFlow>(), run.flowCount);
  run.labelTotals = region(MAX_THREADS * offsetof<LabelTotal>(), run.labelCount);
  run.timelines = region(offsetof<Timeline>(), run.timelineCount);
  run.graphs = region(offsetof<Graph>(), run.graphCount);
  run.graphNodes = region(offsetof<GraphNode>(), run.graphNodeCount);
  run.graphDependents = region(4, run.graphDependentCount);
  run.graphGates = region(4, run.graphGateCount);
  run.graphStates = region(4, run.graphWords);
}

/** What several data classes take besides. */
function planClasses(): void {
  run.dataClasses = region(offsetof<DataClass>(), run.classCount);
  run.flowClasses = region(1, (run.flowCount + 7) & ~7);
  run.classQueues = region(offsetof<ClassQueue>(), run.portCount * run.classCount);
  run.nicClasses = region(offsetof<NicClass>(), run.nicCount * run.classCount);
}

/** What operations that switches reduce take. */
function layOutReduction(): void {
  run.reductionMembers = region(offsetof<ReductionMember>(), run.flowCount);
  run.reductionUnits = region(offsetof<ReductionUnit>(), run.switchCount);
  run.reductionNodes = region(offsetof<ReductionNode>(), run.reductionNodeCount);
  run.reductionChildren = region(offsetof<ReductionChild>(), run.reductionChildCount);
  run.partialSums = region(offsetof<PartialSum>(), run.partialSumCount);
}

/** What a custom routing policy keeps, all zero. */
export function planPolicy(): void {
  run.switchState = region(4 * run.stateWords, run.switchCount);
  run.groupState = region(4 * GROUP_WORDS, run.groupCount);
  run.policyParameters = region(4, MAX_POLICY_PARAMETERS);
  // Last, so that a view of memory that reaches it reaches the rest.
  run.policyCalls = region(POLICY_CALL_BYTES, MAX_THREADS);
}

function region(recordBytes: usize, count: u32): u32 {
  return allocate(<u64>recordBytes * count);
}
