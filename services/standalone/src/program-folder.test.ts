import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test, vi } from "vitest";
import { programFolder } from "./program-folder.ts";

/** esbuild as it writes programs; `/dev/full` is a disk without room. */
const make = (isFull: (folder: string) => boolean) => async (folder: string) => {
  const outfile = isFull(folder) ? "/dev/full" : join(folder, "a.mjs");
  await build({ stdin: { contents: "0" }, outfile, logLevel: "silent" });
};

test.skipIf(!existsSync("/dev/full"))(
  "on a full disk the programs are made in the temporary folder",
  async () => {
    const data = mkdtempSync(join(tmpdir(), "azru-data-"));
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      expect(
        await programFolder(
          data,
          make(() => false),
        ),
      ).toBe(join(data, "program"));
      expect(stderr).not.toHaveBeenCalled();

      const folder = await programFolder(
        data,
        make((one) => one.startsWith(data)),
      );
      expect(existsSync(join(folder, "a.mjs"))).toBe(true);
      rmSync(folder, { recursive: true });
      expect(stderr).toHaveBeenCalledWith(
        expect.stringMatching(/^pnpm start: the disk of .* is full.*make room\n$/),
      );

      await expect(
        programFolder(
          data,
          make(() => true),
        ),
      ).rejects.toThrow(/^the disk of .* is full, .*--data$/);
      writeFileSync(join(data, "wrong.ts"), "export {");
      const wrong = () =>
        build({ entryPoints: [join(data, "wrong.ts")], logLevel: "silent" }).then(() => undefined);
      await expect(programFolder(data, wrong)).rejects.toThrow("Build failed");
    } finally {
      stderr.mockRestore();
      rmSync(data, { recursive: true });
    }
  },
);
