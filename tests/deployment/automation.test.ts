/** What the forge does by itself: workflows, dependency updates, the development container. */
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { changesOf } from "../../scripts/changelog.ts";
import { services } from "./compose.ts";
import { pathOf, textOf } from "./repository.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly needs?: string;
        readonly steps: readonly Step[];
        readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
      }
    >
  >;
}

const workflowOf = (name: string) => parse(textOf(`.github/workflows/${name}`)) as Workflow;
const scripts = JSON.parse(textOf("package.json")).scripts as Readonly<Record<string, string>>;

describe.each(readdirSync(pathOf(".github/workflows")))("%s", (name) => {
  const { jobs } = workflowOf(name);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it("pins its actions to a major version", () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
  });

  it("runs what exists", () => {
    for (const { run = "" } of steps) {
      const [first = "", ...words] = run.split(" ");
      if (first.includes("/")) expect(existsSync(pathOf(first)), run).toBe(true);
      if (first !== "npx") continue;
      const script = words.find((word) => !word.startsWith("-") && !word.startsWith("pnpm@"));
      expect([...Object.keys(scripts), "install"], run).toContain(script);
    }
  });

  it("waits for jobs that exist", () => {
    for (const { needs } of Object.values(jobs)) if (needs !== undefined) expect(jobs).toHaveProperty(needs);
  });
});

describe("a release", () => {
  const { images } = workflowOf("release.yml").jobs;

  it("builds every image that docker-compose.yml builds, for a Pi and a PC", () => {
    const built = Object.values(services).flatMap(({ build }) => build?.args.SERVICE ?? []);
    expect(images.strategy?.matrix.service).toEqual([...new Set(built)].sort());
    const build = images.steps.find(({ uses }) => uses?.startsWith("docker/build-push-action@"));
    expect(build?.with).toMatchObject({
      file: "services/Dockerfile",
      "build-args": expect.stringMatching(/^SERVICE=.*matrix\.service/),
      platforms: "linux/amd64,linux/arm64",
    });
    expect(existsSync(pathOf("services/Dockerfile"))).toBe(true);
  });

  it("has what the changelog says of it", () => {
    const changelog =
      "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-02-01\n\n### Added\n\n- x\n\n## [1.1.0]\n\n- y\n";
    expect(changesOf(changelog, "v1.2.0")).toBe("### Added\n\n- x");
    expect(changesOf(changelog, "1.1.0")).toBe("- y");
    expect(() => changesOf(changelog, "v1.3.0")).toThrow('CHANGELOG.md has no section "## [1.3.0]"');
    expect(() => changesOf(changelog, "Unreleased")).toThrow(RangeError);
    const headings = textOf("CHANGELOG.md").match(/^## .*$/gm) ?? [];
    expect(headings[0]).toBe("## [Unreleased]");
    for (const heading of headings.slice(1))
      expect(heading).toMatch(/^## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/);
  });
});

test("dependency updates look where dependencies are", () => {
  const manifests: Readonly<Record<string, string>> = {
    npm: "pnpm-lock.yaml",
    "github-actions": ".github/workflows/ci.yml",
    docker: "Dockerfile",
    "docker-compose": "docker-compose.yml",
  };
  const { updates } = parse(textOf(".github/dependabot.yml"));
  for (const { "package-ecosystem": ecosystem, directory } of updates) {
    expect(manifests).toHaveProperty([ecosystem]);
    expect(existsSync(pathOf(`.${directory}/${manifests[ecosystem]}`)), ecosystem).toBe(true);
  }
});

test("the development container has what CI installs", () => {
  const { postCreateCommand } = JSON.parse(textOf(".devcontainer/devcontainer.json"));
  const installed = /^declare -A commands=\(([^)]*)\)/m.exec(textOf(".ci/run"))?.[1] ?? "";
  const packages = [...installed.matchAll(/\[([\w-]+)\]/g)].map(([, name]) => name);
  expect(packages.length).toBeGreaterThan(3);
  for (const name of packages) expect(postCreateCommand.split(" ")).toContain(name);
});
