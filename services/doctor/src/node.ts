import { type Finding, inEnglish, ok, problem, type Say } from "./finding.ts";

/** @param version of Node, `22.1.0`; @param required the oldest that does, `20.19` */
export function checkNode(version: string, required: string, say: Say = inEnglish): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [needMajor = 0, needMinor = 0] = required.split(".").map(Number);
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return ok("node", `Node ${version}`);
  return problem(
    "node",
    say(`Node ${version} is too old`, `Node ${version} est trop ancien`),
    say(
      `install Node ${required} or newer, from https://nodejs.org`,
      `installer Node ${required} ou plus récent, depuis https://nodejs.org`,
    ),
  );
}
