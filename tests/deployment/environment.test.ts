/** The variables that docker-compose.yml sets must be those that the services read. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logVariables, readConfig, type Variables } from "@azru/runtime";
import { afterAll, describe, expect, it } from "vitest";
import { services, withDefaults } from "./compose.ts";
import { pathOf } from "./repository.ts";

const built = Object.entries(services).filter(([, { build }]) => build);
const folder = mkdtempSync(join(tmpdir(), "azru-environment-"));
const secret = join(folder, "secret");
writeFileSync(secret, "0123456789abcdef".repeat(4));
afterAll(() => rmSync(folder, { recursive: true }));

for (const [name, { build, environment = {} }] of built) {
  const file = `services/${build!.args.SERVICE}/src/config.ts`;

  describe(`environment of ${name}`, () => {
    const load = async (): Promise<Variables> => {
      const module: { variables: Variables } = await import(pathOf(file));
      return { ...logVariables, ...module.variables };
    };

    it("names variables that the service has", async () => {
      const known = Object.values(await load()).flatMap(({ env, secret }) =>
        secret ? [env, `${env}_FILE`] : [env],
      );
      expect(Object.keys(environment).filter((variable) => !known.includes(variable))).toEqual([]);
    });

    it("is accepted by the service where no .env exists", async () => {
      const given = Object.entries(environment).flatMap(([variable, value]): [string, string][] =>
        value === null ? [] : [[variable, variable.endsWith("_FILE") ? secret : withDefaults(value)]],
      );
      const variables = await load();
      expect(() => readConfig(variables, Object.fromEntries(given))).not.toThrow();
    });
  });
}
