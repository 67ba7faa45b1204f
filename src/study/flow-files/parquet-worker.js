// Decodes a Parquet file, a part of its rows at a time, in a thread that can be ended: the decoder
// may go round for ever in a file that is damaged.
import { open } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { parquetMetadataAsync, parquetRead } from "hyparquet";

const { path, byteLength, mostRows, rowsPerMessage } = workerData;
const handle = await open(path);
const file = {
  byteLength,
  async slice(start, end = byteLength) {
    if (!(start >= 0 && start <= end && end <= byteLength)) throw new Error("a part lies outside of the file");
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    if (bytesRead < bytes.length) throw new Error("the file ends too early");
    return bytes.buffer;
  },
};

try {
  const metadata = await parquetMetadataAsync(file);
  const [root, ...fields] = metadata.schema;
  const names = fields.map(({ name }) => name);
  const total = Number(metadata.num_rows);
  parentPort.postMessage({ kind: "schema", names, total, isNested: root?.num_children !== fields.length });
  for (let rowStart = 0; rowStart < Math.min(total, mostRows); rowStart += rowsPerMessage) {
    const rowEnd = Math.min(total, rowStart + rowsPerMessage);
    const cells = names.map(() => new Array(rowEnd - rowStart));
    const onChunk = ({ columnName, columnData, rowStart: at }) => {
      const column = cells[names.indexOf(columnName)];
      for (let i = 0; i < columnData.length; i++) {
        const row = at + i - rowStart;
        if (row >= 0 && row < column.length) column[row] = columnData[i];
      }
    };
    await parquetRead({ file, metadata, rowStart, rowEnd, onChunk });
    parentPort.postMessage({ kind: "rows", rowStart, cells });
  }
  parentPort.postMessage({ kind: "end" });
} catch (cause) {
  parentPort.postMessage({ kind: "fault", message: String(cause?.message ?? cause) });
} finally {
  await handle.close();
}
