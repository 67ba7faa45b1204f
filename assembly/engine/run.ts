/** The main loop: windows in order, in each the devices that have something to do. */
import { startEnds } from "../switch/ends";
import { loadHostParameters } from "../host/parameters";
import { stepHosts } from "../host/step";
import { startLoss } from "../link/loss";
import { loadLinkParameters } from "../link/transmit";
import { loadPacketParameters } from "../link/packet";
import { startPool } from "../memory/chunks";
import { run } from "../memory/arena";
import { DeviceKind, Status } from "../memory/structs";
import { sweepDepths } from "../routing/adaptive";
import { loadRoutingParameters } from "../routing/route";
import { startFastStep } from "../switch/fast";
import { stepSwitch } from "../switch/step";
import { deviceAt, enterWindow, loadParameters, NEVER, windowEnd, windowStart } from "./state";
import { startInboxes } from "./inbox";
import { clearCount, nextWindow, scanFarWakes, startWakes, takeWord, wordCount } from "./wake";

let pending: u64 = 0;

/** Takes the tables that TypeScript has written and makes the first window ready. */
export function begin(): void {
  loadParameters();
  loadPacketParameters();
  loadLinkParameters();
  loadRoutingParameters();
  loadHostParameters();
  startInboxes();
  startEnds();
  startFastStep();
  startWakes();
  startLoss();
  startPool();
  run.status = Status.Running;
  pending = 0;
}

/** Simulates until about `hops` more packets have crossed a link, or the end. Returns the status. */
export function advanceRun(hops: f64): Status {
  const target = run.hops + <u64>hops;
  while (run.status == Status.Running && run.hops < target) {
    const index = nextWindow(pending);
    if (index == NEVER) {
      run.status = Status.Quiet;
      break;
    }
    enterWindow(index);
    if (index * run.windowPs > run.timeLimitPs) {
      run.status = Status.TimeLimit;
      break;
    }
    stepWindow();
    pending = index + 1;
  }
  return run.status;
}

function stepWindow(): void {
  scanFarWakes();
  sweepDepths(windowStart);
  run.windows++;
  clearCount();
  const words = wordCount();
  for (let w: u32 = 0; w < words; w++) {
    let bits = takeWord(w);
    while (bits != 0) {
      const number = w * 64 + <u32>ctz(bits);
      bits &= bits - 1;
      run.trapDevice = number;
      const device = deviceAt(number);
      if (device.wakeAtPs < windowEnd) device.wakeAtPs = NEVER;
      if (device.kind == DeviceKind.Switch) stepSwitch(number, device);
      else stepHosts(number, device);
    }
  }
}
