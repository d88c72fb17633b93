/** Who may publish and receive a topic, by the broker's rules. */
import { readFileSync } from "node:fs";
import type { Topic } from "@azru/contracts";
import { usualLevelsOf } from "./topics.ts";

interface Rule {
  readonly user: string;
  readonly access: "read" | "write" | "readwrite";
  readonly filter: string;
}

/** The accounts that may publish and subscribe to a topic. */
export interface Accounts {
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

/**
 * Reads mosquitto/acl.
 *
 * @throws RangeError quoting a line that is no rule
 */
export function readAcl(): (topic: Topic) => Accounts {
  const lines = readFileSync(new URL("../../mosquitto/acl", import.meta.url), "utf8").split("\n");
  const rules: Rule[] = [];
  let user = "";
  for (const line of lines) {
    if (line === "" || line.startsWith("#")) continue;
    const [, name] = /^user (\S+)$/.exec(line) ?? [];
    const [, access, filter] = /^topic (?:(read|write|readwrite) )?(.+)$/.exec(line) ?? [];
    if (name !== undefined) user = name;
    else if (filter !== undefined)
      rules.push({ user, access: (access as Rule["access"]) ?? "readwrite", filter });
    else throw new RangeError(`mosquitto/acl has a line that is no rule: ${line}`);
  }
  return (topic) => {
    const may = (access: string) => [
      ...new Set(
        rules
          .filter((rule) => rule.access.includes(access) && covers(rule.filter, topic))
          .map((rule) => rule.user),
      ),
    ];
    return { writes: may("write"), reads: may("read") };
  };
}

/** Whether a filter lets names of a topic through, be it one service's alone. */
function covers(filter: string, topic: Topic): boolean {
  const wanted = filter.split("/");
  const levels = usualLevelsOf(topic);
  for (const [i, level] of levels.entries()) {
    if (wanted[i] === "#") return true;
    if (wanted[i] !== level && wanted[i] !== "+" && !level.startsWith(":")) return false;
  }
  return wanted.length === levels.length;
}
