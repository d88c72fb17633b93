/** Mosquitto with the rules and accounts of the repository. */
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@azru/messaging/testing";
import type { Environment } from "./environment.ts";
import { saidOf } from "./process.ts";

export interface Broker {
  readonly url: string;
  readonly port: number;
  passwordOf(account: string): string;
  /** What it has logged so far: who was refused what. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

/** Starts it on a free port of loopback; nobody gets in without an account. */
export async function startBroker(environment: Environment, accounts: readonly string[]): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), "azru-broker-"));
  const port = await freePort();
  const passwords = new Map(accounts.map((account) => [account, randomBytes(16).toString("hex")]));
  const passwordFile = join(folder, "passwords");
  writeFileSync(passwordFile, [...passwords].map(([name, word]) => `${name}:${word}\n`).join(""), {
    mode: 0o600,
  });
  environment.hashPasswords(passwordFile);
  copyFileSync(new URL("../../mosquitto/acl", import.meta.url), join(folder, "acl"));
  const child = environment.start("mosquitto", folder, (inside) => {
    const lines = [
      "user root",
      `listener ${port} 127.0.0.1`,
      "allow_anonymous false",
      `password_file ${inside}/passwords`,
      `acl_file ${inside}/acl`,
      "set_tcp_nodelay true",
    ];
    writeFileSync(join(folder, "mosquitto.conf"), `${lines.join("\n")}\n`);
    return ["-v", "-c", `${inside}/mosquitto.conf`];
  });
  const said = saidOf(child, "mosquitto");
  await said.line(/mosquitto version \S+ running/);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    log: said.lines,
    passwordOf(account) {
      const password = passwords.get(account);
      if (password === undefined) throw new Error(`there is no account ${account}`);
      return password;
    },
    async stop() {
      await said.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
