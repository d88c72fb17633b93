import { expect, it } from "vitest";
import { textOf } from "./index.ts";

const text = "heure;température\r\n06:00;19,5\r\n";

it.each([
  ["UTF-8", Buffer.from(text)],
  ["UTF-8 with a byte order mark", Buffer.from(`\uFEFF${text}`)],
  ["UTF-16, little endian", Buffer.from(`\uFEFF${text}`, "utf16le")],
  ["UTF-16, big endian", Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
])("reads %s", (_, bytes) => {
  expect(textOf(bytes)).toBe(text);
});

it("reads nothing in an empty file", () => {
  expect(textOf(new Uint8Array())).toBe("");
});
