import { UsageError } from "@azru/command-line";
import { expect, test } from "vitest";
import { parseCommand } from "./command.ts";

const building = ["--building", "home.json"];

test("asks for the live home of the store by default", () => {
  expect(parseCommand(building)).toEqual({
    from: { kind: "store" },
    buildingFile: "home.json",
    heat: "auto",
    json: false,
  });
});

test("reads every option", () => {
  const text =
    "--from csv:a:b.csv --start 2026-01-11 --end 2026-02-08T00:00Z --step 30 --weather reference --heat valve --out o.json --report r --json";
  expect(parseCommand([...building, ...text.split(" ")])).toEqual({
    from: { kind: "csv", file: "a:b.csv" },
    buildingFile: "home.json",
    startMs: Date.parse("2026-01-10T23:00Z"),
    endMs: Date.parse("2026-02-08T00:00Z"),
    dtSeconds: 1800,
    weather: "reference",
    heat: "valve",
    outFile: "o.json",
    reportDirectory: "r",
    json: true,
  });
  expect(parseCommand([...building, "--run", "x", "--room", "kitchen"])).toMatchObject({
    run: "x",
    room: "kitchen",
  });
});

test.each<[string[], RegExp]>([
  [[], /required option '--building <file>' not specified \(see npx -y pnpm@12 calibrate --help\)/],
  [[...building, "--from", "post"], /--from post is unknown; possible: store, csv:FILE/],
  [[...building, "--from", "csv:"], /--from csv: is unknown/],
  [[...building, "--step", "0"], /--step.*'0' is invalid\. Must be a whole number from 1 to 120/],
  [[...building, "--start", "soon"], /--start.*'soon' is invalid/],
  [[...building, "--start", "2026-01-02", "--end", "2026-01-01"], /--end must be after --start/],
  [[...building, "--from", "csv:x", "--run", "y"], /--run y is of a store; --from csv:x has none/],
  [[...building, "--heat", "felt"], /'felt' is invalid\. Allowed choices are auto, metered, valve/],
  [[...building, "extra"], /too many arguments/],
])("refuses %j", (argv, says) => {
  expect(() => parseCommand(argv)).toThrow(UsageError);
  expect(() => parseCommand(argv)).toThrow(says);
});
