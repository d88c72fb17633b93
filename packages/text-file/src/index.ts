/** Files that users write with programs of their own. */
import { readFile } from "node:fs/promises";

/**
 * The text of bytes that are UTF-8, or UTF-16 where a byte order mark says so, as Excel, Notepad and PowerShell on Windows
 * write it. The mark is not part of the text.
 */
export function textOf(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** @throws the file system's error when the file cannot be read */
export async function readText(path: string): Promise<string> {
  return textOf(await readFile(path));
}
