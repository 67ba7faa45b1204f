import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { writeSnapshot } from "../../src/study/snapshot/index.js";
import { StoreFolder } from "../../src/study/store/folder.js";
import { lockStore } from "../../src/study/store/lock.js";
import { RowAppender, readRows } from "../../src/study/store/rows.js";
import { writeAndRename } from "../../src/study/store/whole-file.js";
import { formatRow } from "../../src/study/sweep/row.js";
import { DESCRIPTION, memoryOf, temporaryFolder } from "../snapshot/samples.js";
import { rowNamed } from "../sweep/rows.js";

/** Bytes that the disk still takes; a write that does not fit takes those, and fails. */
const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const full = () => Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  const bounded = async (content: string | Uint8Array, write: (part: Uint8Array) => Promise<unknown>) => {
    const bytes = Buffer.from(content as string);
    const part = bytes.subarray(0, Math.min(disk.left, bytes.length));
    await write(part);
    disk.left -= part.length;
    if (part.length < bytes.length) throw full();
    return { bytesWritten: part.length, buffer: content };
  };
  return {
    ...real,
    writeFile: (path: string, content: string) => bounded(content, (part) => real.writeFile(path, part)),
    open: async (path: string, flags: string) => {
      const file = await real.open(path, flags);
      const { appendFile, writeFile, write } = Object.getPrototypeOf(file) as Pick<
        FileHandle,
        "appendFile" | "writeFile"
      > & { write: (bytes: Uint8Array, offset: number, length: number, position: number) => Promise<unknown> };
      return Object.assign(file, {
        appendFile: (content: string) => bounded(content, (part) => appendFile.call(file, part)),
        writeFile: (content: string) => bounded(content, (part) => writeFile.call(file, part)),
        write: (bytes: Uint8Array, offset: number, length: number, position: number) =>
          bounded(bytes.subarray(offset ?? 0, (offset ?? 0) + (length ?? bytes.length)), (part) =>
            write.call(file, part, 0, part.length, position),
          ),
      });
    },
  };
});

const path = temporaryFolder();
let folder: StoreFolder;

beforeEach(async () => {
  disk.left = Number.POSITIVE_INFINITY;
  folder = new StoreFolder(join(path, `${readdirSync(path).length}`));
  await folder.create();
});

test("leaves whole rows only, and takes no more", async () => {
  const appender = await RowAppender.open(folder);
  await appender.append(rowNamed("a"));
  disk.left = formatRow(rowNamed("b")).length + 10;
  await appender.append(rowNamed("b"));
  await expect(appender.append(rowNamed("c"))).rejects.toMatchObject({ code: "ENOSPC" });
  await expect(appender.append(rowNamed("d"))).rejects.toMatchObject({ code: "ENOSPC" });
  await appender.close();
  expect(readFileSync(folder.rows, "utf8")).toBe(["a", "b"].map((id) => formatRow(rowNamed(id))).join(""));
  disk.left = Number.POSITIVE_INFINITY;
  const again = await RowAppender.open(folder);
  expect(again.wasTorn).toBe(false);
  await again.append(rowNamed("c"));
  await again.close();
  expect([...(await readRows(folder)).keys()]).toEqual(["a", "b", "c"]);
});

test("leaves no lock, nor a part of one", async () => {
  const before = readdirSync(folder.path);
  disk.left = 5;
  await expect(lockStore(folder)).rejects.toMatchObject({ code: "ENOSPC" });
  expect(readdirSync(folder.path)).toEqual(before);
});

test.each([0, 3])("leaves a file that was to be replaced as it was: %i bytes left", async (left) => {
  const file = join(folder.path, "result.json");
  writeFileSync(file, "before");
  const names = readdirSync(folder.path);
  disk.left = left;
  await expect(writeAndRename(file, "afterwards")).rejects.toMatchObject({ code: "ENOSPC" });
  expect(readFileSync(file, "utf8")).toBe("before");
  expect(readdirSync(folder.path)).toEqual(names);
});

test.each([0, 500, 100_000])("leaves the snapshot before as it was, and says why: %i bytes left", async (left) => {
  const file = join(folder.path, "run.snap");
  const memory = memoryOf({ random: 200_000, words: 100_000, zeros: 100_000 });
  await writeSnapshot(file, { description: DESCRIPTION, memory });
  const [bytes, names] = [readFileSync(file), readdirSync(folder.path)];
  disk.left = left;
  await expect(writeSnapshot(file, { description: DESCRIPTION, memory })).rejects.toThrow(
    `cannot write ${file}: no space left on the device`,
  );
  expect(readFileSync(file)).toEqual(bytes);
  expect(readdirSync(folder.path)).toEqual(names);
});
