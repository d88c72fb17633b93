import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import {
  type ComposeService,
  composeFile,
  memoryFoldersOf,
  mountsOf,
  services,
  volumes,
  withDefaults,
} from "./compose.ts";
import { isInRepository, textOf } from "./repository.ts";

const all = Object.entries(services);
const lasting = all.filter(([, service]) => service.restart !== "no");
const oneShots = all.filter(([, service]) => service.restart === "no").map(([name]) => name);

describe("docker-compose.yml and the Compose specification", () => {
  // The schema of compose-go v2.9.1, which docker compose itself checks by. Ajv knows draft 7 by another URL.
  const { $schema: _, ...schema } = JSON.parse(textOf("tests/deployment/fixtures/compose-spec.json"));
  const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

  it("agree", () => {
    validate(composeFile);
    expect(validate.errors).toBeNull();
  });

  it("would not agree on a misspelt key", () => {
    expect(validate({ services: { core: { image: "x", memory_limit: "1g" } } })).toBe(false);
  });
});

describe("every container", () => {
  it.each(all)("%s has few rights", (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
  });

  it.each(all)("%s has bounded memory and logs", (_, service) => {
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.logging).toEqual({ driver: "local", options: { "max-size": "10m", "max-file": "3" } });
  });

  it.each(all)("%s is pinned to a version or built here", (_, { image, build }) => {
    if (build) {
      expect(build.dockerfile).toBe("services/Dockerfile");
      expect(isInRepository(`services/${build.args.SERVICE}/package.json`)).toBe(true);
      expect(image).toBeUndefined();
    } else expect(image).toMatch(/:\d+\.\d+\.\d+$/);
  });

  it.each(all)("%s can write to its folders in memory", (_, service) => {
    expect(closedFolders(service)).toEqual([]);
  });

  it("would be found to write to a folder in memory that root alone may write to", () => {
    const folder = { type: "tmpfs", target: "/etc/influxdb2" };
    expect(closedFolders({ user: "1000:1000", volumes: [folder] })).toEqual(["/etc/influxdb2"]);
    expect(closedFolders({ user: "1000:1000", volumes: [{ ...folder, read_only: true }] })).toEqual([]);
    expect(closedFolders({ user: "0:0", volumes: [folder] })).toEqual([]);
  });

  it("keeps added rights and root to those that hand out secrets", () => {
    const privileged = all.filter(([, service]) => service.cap_add || service.user === "0:0");
    expect(privileged.map(([name]) => name)).toEqual(oneShots);
  });

  it("fits into 4 GB with all others, the system and its cache", () => {
    const limits = lasting.map(([, { mem_limit }]) => megabytes(mem_limit!));
    expect(limits.reduce((sum, limit) => sum + limit, 0)).toBeLessThanOrEqual(3072);
  });

  it("can be scaled: no container has a fixed name", () => {
    expect(all.filter(([, service]) => service.container_name)).toEqual([]);
  });
});

describe("the order of start", () => {
  const dependencies = all.flatMap(([name, { depends_on = {} }]) =>
    Object.entries(depends_on).map(([on, { condition }]) => [name, on, condition] as const),
  );

  it.each(dependencies)("%s waits for %s: %s", (_, on, condition) => {
    const awaited = services[on];
    expect(awaited).toBeDefined();
    if (oneShots.includes(on)) expect(condition).toBe("service_completed_successfully");
    else {
      expect(condition).toBe("service_healthy");
      expect(awaited.healthcheck?.test ?? awaited.build?.dockerfile).toBeDefined();
    }
  });

  it("begins with the secrets", () => {
    const first = all.filter(([, { depends_on }]) => !depends_on).map(([name]) => name);
    expect(first).toEqual(["init"]);
  });
});

describe("who reaches what", () => {
  it("publishes all but page and API on this machine alone by default", () => {
    const open = all.flatMap(([name, { ports = [] }]) =>
      ports
        .map(withDefaults)
        .filter((port) => !port.startsWith("127.0.0.1:"))
        .map((port) => `${name} ${port}`),
    );
    expect(open).toEqual(["core 0.0.0.0:8000:8000"]);
  });

  it("lets only the core see both the broker and the database", () => {
    const both = all.filter(
      ([, { networks = [] }]) => networks.includes("broker") && networks.includes("store"),
    );
    expect(both.map(([name]) => name)).toEqual(["core"]);
  });

  it("mounts volumes that are declared, and declares none in vain", () => {
    const named = all
      .flatMap(([, service]) => mountsOf(service))
      .filter(({ source }) => !source.startsWith("."));
    expect([...new Set(named.map(({ source }) => source))].sort()).toEqual([...volumes].sort());
  });

  it("mounts folders of the repository that exist, read-only", () => {
    const folders = all
      .flatMap(([, service]) => mountsOf(service))
      .filter(({ source }) => source.startsWith("."));
    expect(folders.length).toBeGreaterThan(0);
    for (const { source, readOnly } of folders) {
      expect(isInRepository(source)).toBe(true);
      expect(readOnly).toBe(true);
    }
  });

  it.each(volumes.filter((volume) => volume.startsWith("secrets-")))(
    "%s is written by the one-shots and read by its service alone",
    (volume) => {
      const users = lasting.filter(([, service]) =>
        mountsOf(service).some(({ source }) => source === volume),
      );
      const owner = volume.replace("secrets-", "");
      expect(users.map(([name]) => name)).toEqual(owner === "accounts" ? [] : [owner]);
      for (const [, service] of users) {
        expect(mountsOf(service).find(({ source }) => source === volume)?.readOnly).toBe(true);
      }
    },
  );

  it("holds no secret itself", () => {
    for (const [, { environment = {} }] of all) {
      for (const [name, value] of Object.entries(environment)) {
        // Without a value it is handed on from the user's own environment, as the token of a Home Assistant is.
        if (/PASSWORD|TOKEN|SECRET/.test(name) && value !== null)
          expect([name, value]).toEqual([
            expect.stringMatching(/_FILE$/),
            expect.stringMatching(/^\/(run\/)?secrets\//),
          ]);
      }
    }
  });
});

it("explains every setting of the file in the installation guide", () => {
  const guide = textOf("docs/raspberry-pi.md");
  const settings = new Set(textOf("docker-compose.yml").match(/(?<=\$\{)\w+/g));
  expect([...settings].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
});

function megabytes(limit: string): number {
  return Number.parseInt(limit, 10) * (limit.endsWith("g") ? 1024 : 1);
}

/**
 * Folders in memory that the user of a service cannot write to. Mounted over a folder of the image they get its
 * mode, but belong to root; runc 1.1 leaves a mode of their own out. What the images hold is not known here; /tmp
 * alone is open to all in every image.
 */
function closedFolders(service: ComposeService): string[] {
  const isRoot = service.user?.startsWith("0:") ?? false;
  return isRoot ? [] : memoryFoldersOf(service).filter((target) => target !== "/tmp");
}
