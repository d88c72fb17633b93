import { expect, it } from "vitest";
import { chosenSteps } from "./choice.ts";
import type { Step } from "./step.ts";

const run = async () => undefined;
const steps: Step[] = [
  { name: "comes up", isBase: true, run },
  { name: "is killed", run },
  { name: "a backup", run },
  { name: "an upgrade", run },
];
const names = (choice: Partial<Parameters<typeof chosenSteps>[1]>) =>
  chosenSteps(steps, { without: [], ...choice }).map(({ name }) => name);

it("takes all, those up to one, all but some, or some beside what they stand on", () => {
  expect(names({})).toEqual(["comes up", "is killed", "a backup", "an upgrade"]);
  expect(names({ until: "backup" })).toEqual(["comes up", "is killed", "a backup"]);
  expect(names({ without: ["kill", "up"] })).toEqual([]);
  expect(names({ without: ["kill"], until: "backup" })).toEqual(["comes up", "a backup"]);
  expect(names({ only: ["upgrade"] })).toEqual(["comes up", "an upgrade"]);
  expect(names({ only: ["upgrade", "kill"] })).toEqual(["comes up", "is killed", "an upgrade"]);
});

it.each([
  [{ only: ["upgarde"] }, "--only upgarde"],
  [{ without: ["addon"] }, "--without addon"],
  [{ until: "the end" }, "--until the end"],
])("refuses what is in no step's name, and shows the names: %j", (choice, option) => {
  expect(() => names(choice)).toThrow(`${option}: no step has this in its name; the steps are\n  comes up\n`);
});
