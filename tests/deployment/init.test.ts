import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { appendFileSync, chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createHome, type Home, hasMosquittoPasswd, hasOpenssl, hasShellcheck } from "./init.ts";
import { pathOf } from "./repository.ts";

const scripts = [
  ...["services/init/secrets.sh", "mosquitto/make-certificates.sh"],
  ...["tests/compose/engine.sh", "tests/compose/packages.sh", "tests/compose/stand-ins/make.sh"],
  "tests/compose/arm64.sh",
];
const isRoot = process.getuid?.() === 0;

describe.skipIf(!hasShellcheck)(
  `shell scripts${hasShellcheck ? "" : " (shellcheck is not installed)"}`,
  () => {
    it.each(scripts)("shellcheck has nothing to say of %s", (script) => {
      expect(execFileSync("shellcheck", [pathOf(script)], { encoding: "utf8" })).toBe("");
    });
  },
);

describe.skipIf(!hasMosquittoPasswd)(
  `the init service${hasMosquittoPasswd ? "" : " (mosquitto_passwd is not installed)"}`,
  () => {
    let home: Home;
    const text = (file: string) => readFileSync(join(home.secrets, file), "utf8");
    const files = () =>
      readdirSync(home.secrets, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(home.secrets.length + 1))
        .sort();

    beforeEach(() => {
      home = createHome();
    });
    afterEach(() => home.remove());

    it("generates each secret once, all different", () => {
      const said = home.init();
      expect(said.match(/^init: generated .*$/gm)).toHaveLength(12);
      expect(said).toContain(`admin with the password ${text("grafana/admin_password")}\n`);
      const secrets = files().filter((file) => /password$|token$|^accounts\//.test(file));
      expect(secrets).toHaveLength(12);
      for (const secret of secrets) expect(text(secret)).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set(secrets.map(text)).size).toBe(secrets.length);

      const before = secrets.map(text);
      expect(home.init()).toBe("");
      expect(secrets.map(text)).toEqual(before);
    });

    it("lets nobody but the owner read, and gives each file to the user of its service", () => {
      home.init();
      for (const file of files()) {
        const { mode } = statSync(join(home.secrets, file));
        expect([file, mode & 0o077]).toEqual([file, 0]);
      }
      const owner = isRoot ? [1000, 472, 1883] : [0, 0, 0].map(() => process.getuid?.());
      const folders = ["core", "grafana", "mosquitto"].map((name) => statSync(join(home.secrets, name)).uid);
      expect(folders).toEqual(owner);
      expect(statSync(join(home.secrets, "mosquitto/passwords")).uid).toBe(owner[2]);
    });

    it("gives a new secret where one was lost, and its account with it", () => {
      home.init();
      const hashes = text("mosquitto/passwords");
      rmSync(join(home.secrets, "core/mqtt_password"));
      expect(home.init()).toContain("generated");
      const accounts = text("mosquitto/passwords").trim().split("\n");
      expect(accounts.map((line) => line.split(":")[0])).toEqual(
        hashes
          .trim()
          .split("\n")
          .map((line) => line.split(":")[0]),
      );
      for (const account of accounts) expect(account).toMatch(/^[\w-]+:\$7\$\d+\$/);
    });

    it("keeps accounts and rules that the owner added", () => {
      home.init();
      const passwords = join(home.secrets, "mosquitto/passwords");
      chmodSync(passwords, 0o600);
      appendFileSync(passwords, "thermometer:$7$101$salt$hash\n");
      appendFileSync(
        join(home.broker, "acl.local"),
        "user thermometer\ntopic write home/sensors/attic/metrics\n",
      );
      home.init();
      expect(text("mosquitto/passwords")).toContain("thermometer:$7$101$salt$hash\n");
      expect(text("mosquitto/acl")).toMatch(/user thermometer\ntopic write home\/sensors\/attic\/metrics\n$/);
    });

    it("puts the site's name into every rule", () => {
      home.init({ AZRU_SITE: "chalet 2" });
      const rules = text("mosquitto/acl").match(/^topic .*/gm)!;
      const ours = rules.filter((rule) => !/ (\$SYS|homeassistant|zigbee2mqtt)\//.test(rule));
      expect(ours.length).toBeGreaterThan(15);
      for (const rule of ours) expect(rule).toMatch(/^topic \w+ chalet 2\//);
      expect(parse(text("zigbee2mqtt/configuration.yaml")).mqtt.base_topic).toBe("chalet 2/sensors");
    });

    it.each(["a/b", "+", "#", "a&b"])("refuses the site %j", (site) => {
      expect(() => home.init({ AZRU_SITE: site })).toThrow(/AZRU_SITE must be one level of a topic/);
      expect(existsSync(home.secrets)).toBe(false);
    });

    it("gives zigbee2mqtt its password, and its configuration once", () => {
      home.init();
      const { mqtt } = parse(text("zigbee2mqtt/configuration.yaml"));
      expect(mqtt).toMatchObject({ user: "zigbee2mqtt", password: "!secret password" });
      expect(parse(text("zigbee2mqtt/secret.yaml")).password).toBe(text("accounts/zigbee2mqtt"));
      appendFileSync(join(home.secrets, "zigbee2mqtt/configuration.yaml"), "devices: {}\n");
      home.init();
      expect(parse(text("zigbee2mqtt/configuration.yaml")).devices).toEqual({});
    });

    describe.skipIf(!hasOpenssl)(`certificates${hasOpenssl ? "" : " (openssl is not installed)"}`, () => {
      it("open the TLS listener, and close it when they go", () => {
        home.init();
        const listener = join(home.secrets, "mosquitto/listeners/tls.conf");
        expect(existsSync(listener)).toBe(false);
        home.makeCertificates();
        home.init();
        expect(existsSync(listener)).toBe(true);
        expect(text("mosquitto/certificates/server.key")).toContain("PRIVATE KEY");
        rmSync(join(home.broker, "certificates"), { recursive: true });
        home.init();
        expect(existsSync(listener)).toBe(false);
      });

      it("name the machine, and are renewed under the same authority", () => {
        home.makeCertificates("azru.local", "192.168.1.20");
        const read = (name: string) =>
          new X509Certificate(readFileSync(join(home.broker, "certificates", name)));
        const authority = read("ca.crt");
        const first = read("server.crt");
        expect(first.verify(authority.publicKey)).toBe(true);
        expect(first.checkHost("azru.local")).toBe("azru.local");
        expect(first.checkHost("mosquitto")).toBe("mosquitto");
        expect(first.checkIP("192.168.1.20")).toBe("192.168.1.20");
        expect(first.checkHost("example.org")).toBeUndefined();

        home.makeCertificates("attic.local");
        expect(read("ca.crt").fingerprint256).toBe(authority.fingerprint256);
        expect(read("server.crt").verify(authority.publicKey)).toBe(true);
        expect(read("server.crt").checkHost("attic.local")).toBe("attic.local");
      });

      it.each(["a b", "--help", ""])("are not made for the name %j", (name) => {
        expect(() => home.makeCertificates(name)).toThrow(/a name or an IP address is expected/);
        expect(existsSync(join(home.broker, "certificates/server.crt"))).toBe(false);
      });
    });
  },
);
