/** What the work was made of: training, programs, jobs, ranks, flows. */
import type { ResultDocument } from "../../answer/result/document.js";
import type { TrainingResult } from "../../answer/result/document-programs.js";
import { binName, jobText } from "../../answer/result/jobs-text.js";
import { IDLE_SHARE_MIN, IDLE_WORDS } from "../../answer/result/training-text.js";
import { bytes, count, digits, duration, exactDuration, percent } from "../../answer/text/units.js";
import { shareBar } from "./causes.js";
import { type Content, html, type Section, table } from "./html.js";

export function training({ training, jobs = [] }: ResultDocument): Section {
  if (training !== undefined) return { title: "The training step", body: trainingBody(training) };
  const trained = jobs.flatMap((job) => (job.training === undefined ? [] : [{ ...job, training: job.training }]));
  if (trained.length === 0) return null;
  return {
    title: "Training",
    body: trained.map((job) => html`<p><b>${job.name}</b></p>${trainingBody(job.training)}`),
  };
}

function trainingBody(training: TrainingResult): Content {
  const { stepNs, gpuUtilisation, idle, memoryBytes, tokensPerSecond, items, overlappedNs } = training;
  const waits = idle.filter(({ share }) => share > IDLE_SHARE_MIN);
  const shares = [
    { name: "computes", share: gpuUtilisation, ns: gpuUtilisation * stepNs },
    ...waits.map(({ cause, share }) => ({ name: IDLE_WORDS[cause], share, ns: share * stepNs })),
  ];
  const beside = Object.entries(overlappedNs).filter(([, ns]) => ns > 0);
  const { total, capacity, ...kinds } = memoryBytes;
  return html`<p>${count(Math.round(tokensPerSecond))} ${items}/s.</p>
${shareBar("What GPUs do in a step, on average", shares)}
${beside.length > 0 && html`<p>Beside computation: ${beside.map(([kind, ns]) => `${kind} ${duration(ns)}`).join(", ")}.</p>`}
${table(
  `Memory of the GPU that holds most: ${bytes(total)} of ${bytes(capacity)}`,
  [{ title: "what" }, { title: "size", side: "right" }],
  Object.entries(kinds).map(([name, size]) => [name, bytes(size)]),
)}`;
}

export function program({ program }: ResultDocument): Section {
  if (program === undefined) return null;
  const right = (title: string) => ({ title, side: "right" }) as const;
  return {
    title: "Operations",
    body: [
      table(
        "By role, means over its ranks",
        [{ title: "role" }, right("ranks"), right("ends"), right("computes"), right("waits"), right("idle")],
        program.roles.map((role) => [
          ...[role.name, count(role.ranks)],
          role.finishNs === null ? "not ended" : duration(role.finishNs),
          ...[role.computeNs, role.exposedNs, role.idleNs].map(duration),
        ]),
      ),
      table(
        "By label, over all ranks; waited: ranks computed nothing and waited for it",
        [{ title: "operation" }, right("count"), right("mean"), right("longest"), right("waited in all")],
        program.operations.map((operation) => [
          ...[operation.name, count(operation.count)],
          ...[operation.meanNs, operation.maxNs, operation.exposedNs].map(duration),
        ]),
      ),
    ],
  };
}

export function jobs({ jobs = [] }: ResultDocument): Section {
  if (jobs.length === 0) return null;
  const right = (title: string) => ({ title, side: "right" }) as const;
  const columns = [
    right("ranks"),
    right("JCT"),
    right("ideal"),
    right("efficiency"),
    right("busbw"),
    right("slowdown"),
  ];
  return {
    title: "Jobs",
    body: table(
      "Times count from the start of each job",
      [{ title: "job" }, { title: "what" }, ...columns],
      jobs.map((job) => [
        job.background ? `${job.name} (background)` : job.name,
        jobText(job.workload),
        count(job.ranks),
        job.jctNs === null ? "not finished" : exactDuration(job.jctNs),
        exactDuration(job.idealJctNs),
        job.efficiency === null ? "-" : percent(job.efficiency),
        job.busbwGBps === null ? "-" : `${job.busbwGBps.toFixed(2)} GB/s`,
        typeof job.slowdown === "number" ? digits(job.slowdown, 4) : "-",
      ]),
    ),
  };
}

export function ranks({ ranks, startNs }: ResultDocument): Section {
  if (ranks.finishNs === null || ranks.slowest.length === 0) return null;
  const { min, p50, p99, max } = ranks.finishNs;
  const since = (ns: number) => exactDuration(ns - startNs);
  return {
    title: "Ranks",
    body: table(
      `The slowest. All of them: least ${since(min)}, p50 ${since(p50)}, p99 ${since(p99)}, most ${since(max)}`,
      [{ title: "rank" }, { title: "finished after", side: "right" }],
      ranks.slowest.map(({ name, finishNs }) => [name, since(finishNs)]),
    ),
  };
}

const FLOWS_SHOWN = 20;

export function flows({ flows = [], fctSlowdown }: ResultDocument): Section {
  if (flows.length === 0) return null;
  const right = (title: string) => ({ title, side: "right" }) as const;
  const took = (ns: number | null) => ns ?? Number.MAX_VALUE;
  const slowest = [...flows.entries()].sort(([i, a], [k, b]) => took(b.fctNs) - took(a.fctNs) || i - k);
  const bins = fctSlowdown?.bins ?? [];
  return {
    title: "Flows",
    body: [
      bins.length > 1 &&
        table(
          "Slowdown by size: completion time by that with the network to itself",
          [{ title: "size" }, right("flows"), right("mean"), right("p50"), right("p95"), right("p99"), right("most")],
          bins.map((bin) => [
            ...[binName(bin), count(bin.flows)],
            ...[bin.mean, bin.p50, bin.p95, bin.p99, bin.max].map((value) => digits(value, 4)),
          ]),
        ),
      table(
        flows.length > FLOWS_SHOWN ? `The ${FLOWS_SHOWN} slowest of ${count(flows.length)}` : "Slowest first",
        [right("flow"), { title: "from" }, { title: "to" }, right("size"), right("start"), right("completion time")],
        slowest
          .slice(0, FLOWS_SHOWN)
          .map(([i, flow]) => [
            ...[i, flow.srcName ?? `gpu-${flow.src}`, flow.dstName ?? `gpu-${flow.dst}`],
            ...[bytes(flow.bytes), duration(flow.startNs)],
            flow.fctNs === null ? "not finished" : exactDuration(flow.fctNs),
          ]),
      ),
    ],
  };
}
