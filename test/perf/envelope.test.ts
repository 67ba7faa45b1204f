import { expect, it } from "vitest";
import type { PerfRow } from "../../src/study/perf/document.js";
import { envelopeOfRows } from "../../src/study/perf/envelope.js";

const row = (sizeBytes: number, ...envelope: string[]) => ({ sizeBytes, envelope }) as unknown as PerfRow;

it("tells a remark once, with the sizes that it is about, whatever its figures are", () => {
  const rows = [row(1024, "156.4 us are 90.1 % of it", "small"), row(2048, "156.4 us are 45 % of it"), row(4096)];
  expect(envelopeOfRows(rows)).toEqual(["1.00 KiB to 2.00 KiB: 156.4 us are 90.1 % of it", "1.00 KiB: small"]);
});
