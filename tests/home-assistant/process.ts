/** What a program says, line by line. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface Said {
  readonly lines: readonly string[];
  /** The first line that fits, of those that came and those to come; rejects when the program ends without. */
  line(fits: RegExp): Promise<string>;
  /** Ends the program and waits for its end. */
  end(): Promise<void>;
}

/** Follows a program that was just started. */
export function saidOf(child: ChildProcess, name: string): Said {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let ended = false;
  const look = () => {
    for (const one of waiting) one();
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      look();
    });
  }
  const closed = once(child, "close").then(() => {
    ended = true;
    look();
  });
  return {
    lines,
    line: (fits) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = lines.find((line) => fits.test(line));
          if (found === undefined && !ended) return;
          waiting.delete(check);
          if (found !== undefined) resolve(found);
          else reject(new Error(`${name} ended:\n${lines.slice(-30).join("\n")}`));
        };
        waiting.add(check);
        check();
      }),
    async end() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}
