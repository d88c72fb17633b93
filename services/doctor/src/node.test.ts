import { expect, it } from "vitest";
import { checkNode } from "./node.ts";

it.each(["20.19.0", "20.20.2", "22.1.0", "24.0.0"])("Node %s will do", (version) => {
  expect(checkNode(version, "20.19").status).toBe("ok");
});

it.each(["18.20.4", "20.18.3"])("Node %s is too old", (version) => {
  expect(checkNode(version, "20.19")).toMatchObject({
    status: "problem",
    message: `Node ${version} is too old`,
    advice: "install Node 20.19 or newer, from https://nodejs.org",
  });
});
