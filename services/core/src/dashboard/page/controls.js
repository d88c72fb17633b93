/** What the user may change. */
import { ApiError, send } from "./api.js";
import { byId, inEnglish, write } from "./view.js";

/** @typedef {import("./view.js").Speech} Speech */
/**
 * Asks the core for a change, and says in the page what came of it: true where it was made.
 *
 * @typedef {(
 *   path: string,
 *   body: object | undefined,
 *   say?: (answer: unknown) => string,
 *   how?: { method?: import("./api.js").Method, answerId?: string },
 * ) => Promise<boolean>} Change
 */
/** @typedef {import("@azru/contracts").ForceOptimizationResponse} ForceOptimizationResponse */

/** By status. @type {Readonly<Partial<Record<number, import("./texts.ts").TextKey>>>} */
const refusals = { 401: "needsToken", 403: "refusedHere", 409: "manualFirst", 429: "tooOften" };

/**
 * @param {() => Speech} speech
 * @param {() => void} onChange after something was changed
 */
export function createControls(speech, onChange) {
  const position = /** @type {HTMLInputElement} */ (byId("position"));
  const duration = /** @type {HTMLSelectElement} */ (byId("duration"));
  let isTouched = false;
  const done = () => speech().texts.done;

  /** @type {Change} */
  async function change(path, body, say = done, { method = "POST", answerId = "answer" } = {}) {
    write(answerId, "");
    try {
      const answer = await send(method, path, body, askToken);
      write(answerId, say(answer));
      onChange();
      return true;
    } catch (error) {
      writeProblem(answerId, error);
      return false;
    }
  }

  /** In the user's language where the status says enough, else as the core says it. @param {string} id @param {unknown} error */
  function writeProblem(id, error) {
    const { texts } = speech();
    if (!(error instanceof ApiError)) return write(id, texts.unreachable);
    const key = refusals[error.status] ?? (error.status >= 500 ? "homeFailed" : undefined);
    if (key !== undefined) return write(id, texts[key]);
    write(id, `${texts.notAccepted} `);
    return byId(id).append(inEnglish(error.message));
  }

  /** @param {boolean} wasWrong @returns {Promise<string | undefined>} undefined when refused */
  function askToken(wasWrong) {
    const dialog = /** @type {HTMLDialogElement} */ (byId("token-dialog"));
    const input = /** @type {HTMLInputElement} */ (byId("token"));
    write("token-error", wasWrong ? speech().texts.wrongToken : "");
    input.value = "";
    dialog.returnValue = "";
    dialog.showModal();
    input.focus();
    return new Promise((resolve) => {
      dialog.addEventListener(
        "close",
        () => {
          resolve(dialog.returnValue === "ok" ? input.value : undefined);
          input.value = "";
        },
        { once: true },
      );
    });
  }

  function showPosition() {
    write("position-value", speech().format.percent(Number(position.value)));
  }

  byId("auto").addEventListener("click", () => change("/control/mode", { auto_mode: true }));
  byId("manual").addEventListener("click", () => change("/control/mode", { auto_mode: false }));
  byId("optimise").addEventListener("click", () =>
    change("/force-optimization", undefined, (answer) => {
      const { status } = /** @type {ForceOptimizationResponse} */ (answer);
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
    /** Until the user takes it, the slider is where the valve is. @param {number | undefined} valve_percent */
    show(valve_percent) {
      if (!isTouched && valve_percent !== undefined) position.value = String(Math.round(valve_percent));
      showPosition();
    },
  };
}
