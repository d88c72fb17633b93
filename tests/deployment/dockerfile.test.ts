import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { services } from "./compose.ts";
import { isInRepository, textOf } from "./repository.ts";

const dockerfile = textOf("services/Dockerfile");
const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, sources]) =>
  sources.split(" "),
);

describe("services/Dockerfile", () => {
  it("is without a fault", () => {
    expect(validate(dockerfile).map(({ message }) => message)).toEqual([]);
  });

  it("would find a fault", () => {
    expect(validate(dockerfile.replace("--start-period", "--start-periods"))).toHaveLength(1);
  });

  it("stands on a pinned Node 24 and ends as an ordinary user", () => {
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:24\.\d+\.\d+-bookworm-slim$/m);
    expect(dockerfile.match(/^FROM \$\{NODE_IMAGE\}/gm)).toEqual(dockerfile.match(/^FROM .*\}/gm));
    expect(dockerfile.match(/^USER .*/gm)).toEqual(["USER 1000:1000"]);
  });

  it.each(Object.values(services).flatMap(({ build }) => (build ? [build.args.SERVICE] : [])))(
    "finds what it copies for %s, and .dockerignore lets it through",
    (service) => {
      const allowed = textOf(".dockerignore").match(/(?<=^!).*/gm);
      for (const source of copied) {
        const path = source.replace(/\$\{SERVICE\}/, service);
        expect(isInRepository(path), path).toBe(true);
        expect(allowed).toContain(path.split("/")[0]);
      }
    },
  );
});
