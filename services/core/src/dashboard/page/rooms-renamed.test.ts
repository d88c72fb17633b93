import { expect, test } from "vitest";
import { roomsRenamed } from "./rooms-renamed.ts";

const renamed = (before: readonly string[], now: readonly string[]) => [...roomsRenamed(before, now)];

test("a room keeps its devices under another name, in another place, and beside new rooms", () => {
  expect(renamed(["salon", "cham"], ["salon", "chambre"])).toEqual([
    ["salon", "salon"],
    ["cham", "chambre"],
  ]);
  expect(renamed(["salon", "chambre"], ["chambre", "cuisine", "salon"])).toEqual([
    ["salon", "salon"],
    ["chambre", "chambre"],
  ]);
});

test("a room that is taken out gives its devices to no other", () => {
  expect(renamed(["salon", "cuisine", "chambre"], ["salon", "chambre"])).toEqual([
    ["salon", "salon"],
    ["chambre", "chambre"],
  ]);
});
