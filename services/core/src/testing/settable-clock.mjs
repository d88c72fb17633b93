/**
 * Loaded before a service (`node --import`), lets a test set what the service takes for the system's clock: at the
 * start and at each SIGUSR2 it is the content of the file CLOCK_FILE, Unix ms, and runs on from there.
 */
import { readFileSync } from "node:fs";
import { env } from "node:process";

const SystemDate = Date;
let setMs = 0;
let at_ms = 0;

function set() {
  setMs = Number(readFileSync(env.CLOCK_FILE, "utf8"));
  at_ms = performance.now();
}

const now = () => Math.floor(setMs + performance.now() - at_ms);

globalThis.Date = class extends SystemDate {
  constructor(...parts) {
    if (parts.length === 0) super(now());
    else super(...parts);
  }
  static now() {
    return now();
  }
};

set();
process.on("SIGUSR2", set);
