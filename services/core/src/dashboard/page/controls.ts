/** What the user may change. */

import type { ForceOptimizationResponse } from "@azru/contracts";
import type { Method } from "./api.ts";
import { ApiError, send } from "./api.ts";
import { byId, inEnglish, write } from "./elements.ts";
import type { TextKey } from "./texts.ts";
import { tokenDialog } from "./token.ts";
import type { Speech } from "./view.ts";

/** Asks the core for a change, and says in the page what came of it: true where it was made. */
export type Change = <Answer>(
  path: string,
  body: object | undefined,
  say?: (answer: Answer) => string,
  how?: { readonly method?: Method; readonly answerId?: string },
) => Promise<boolean>;

/** By status. */
const refusals: Readonly<Partial<Record<number, TextKey>>> = {
  401: "needsToken",
  403: "refusedHere",
  409: "manualFirst",
  429: "tooOften",
};

/** @param onChange after something was changed */
export function createControls(speech: () => Speech, onChange: () => void) {
  const position = byId("position") as HTMLInputElement;
  const duration = byId("duration") as HTMLSelectElement;
  let isTouched = false;
  const done = () => speech().texts.done;
  const askToken = tokenDialog(() => speech().texts);

  const change: Change = async (path, body, say = done, { method = "POST", answerId = "answer" } = {}) => {
    write(answerId, "");
    try {
      const answer = await send<Parameters<typeof say>[0]>(method, path, body, askToken);
      write(answerId, say(answer));
      onChange();
      return true;
    } catch (error) {
      writeProblem(answerId, error);
      return false;
    }
  };

  /** In the user's language where the status says enough, else as the core says it. */
  function writeProblem(id: string, error: unknown) {
    const { texts } = speech();
    if (!(error instanceof ApiError)) return write(id, texts.unreachable);
    const key = refusals[error.status] ?? (error.status >= 500 ? "homeFailed" : undefined);
    if (key !== undefined) return write(id, texts[key]);
    write(id, `${texts.notAccepted} `);
    return byId(id).append(inEnglish(error.message));
  }

  function showPosition() {
    write("position-value", speech().format.percent(Number(position.value)));
  }

  byId("auto").addEventListener("click", () => change("/control/mode", { auto_mode: true }));
  byId("manual").addEventListener("click", () => change("/control/mode", { auto_mode: false }));
  byId("optimise").addEventListener("click", () =>
    change<ForceOptimizationResponse>("/force-optimization", undefined, ({ status }) => {
      return status === "started" ? speech().texts.optimising : speech().texts.alreadyOptimising;
    }),
  );
  byId("hand").addEventListener("submit", (event) => {
    event.preventDefault();
    const minutes = duration.value === "" ? {} : { duration_min: Number(duration.value) };
    void change("/control/valve", { valve_position: Number(position.value), ...minutes });
  });
  position.addEventListener("input", () => {
    isTouched = true;
    showPosition();
  });

  return {
    change,
    /** Until the user takes it, the slider is where the valve is. */
    show(valve_percent: number | undefined) {
      if (!isTouched && valve_percent !== undefined) position.value = String(Math.round(valve_percent));
      showPosition();
    },
  };
}
