/** A vacation: when one leaves and returns, and how warm it is kept meanwhile. */
import { connectCalendar, momentOf } from "./clock-field.ts";
import { byId, write } from "./elements.ts";
import { homeTimeMs, localMinute } from "./format.ts";
import { phrases } from "./phrases.ts";
import { type Comfort, highestOf, type SendRequest } from "./request.ts";
import type { Speech } from "./view.ts";

export class VacationForm {
  readonly #speech: () => Speech;
  readonly #send: SendRequest;
  readonly #from = byId<HTMLInputElement>("vacation-from");
  readonly #until = byId<HTMLInputElement>("vacation-until");
  readonly #setpoint = byId<HTMLInputElement>("vacation-setpoint");
  #nowMs = 0;
  #isTouched = false;

  constructor(speech: () => Speech, send: SendRequest) {
    this.#speech = speech;
    this.#send = send;
    for (const input of [this.#from, this.#until]) connectCalendar(input, () => this.#nowMs);
    byId("vacation").addEventListener("input", () => {
      this.#isTouched = true;
      this.#check();
    });
    byId("vacation").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
    byId("vacation-end").addEventListener("click", () => void send("/control/vacation", undefined, "DELETE"));
  }

  show(comfort: Comfort, nowMs: number): void {
    const { vacation, settings } = comfort;
    const { texts, format, language } = this.#speech();
    this.#nowMs = nowMs;
    byId("vacation").hidden = vacation !== null;
    byId("vacation-set").hidden = vacation === null;
    if (vacation) {
      const [beginMs, endMs] = [vacation.from, vacation.until].map(Date.parse);
      const begin = beginMs > nowMs ? format.instant(beginMs) : null;
      const { vacation: say } = phrases[language];
      write("vacation-text", say(begin, format.instant(endMs), format.temperature(vacation.setpoint_c)));
      write("vacation-end", begin === null ? texts.vacationEnd : texts.vacationCancel);
    }
    this.#setpoint.max = String(highestOf(comfort));
    if (!this.#isTouched) this.#setpoint.value = String(settings.vacation_c);
    this.#check();
  }

  /** What the core would refuse is said before it is sent; beside each field the moment as it was read. */
  #check(): void {
    const { texts, format } = this.#speech();
    for (const input of [this.#from, this.#until]) {
      const timeMs = homeTimeMs(this.#momentOf(input) ?? "");
      write(`${input.id}-text`, timeMs === undefined ? "" : format.instant(timeMs));
      const isWrong = timeMs === undefined && input.value.trim() !== "";
      input.setCustomValidity(isWrong ? texts.notAMoment : "");
    }
    const until = this.#momentOf(this.#until);
    if (until === undefined) return;
    const earliest = this.#momentOf(this.#from) ?? localMinute(this.#nowMs);
    this.#until.setCustomValidity(until < earliest ? texts.returnTooEarly : "");
  }

  async #submit(): Promise<void> {
    const from = this.#momentOf(this.#from);
    const until = this.#momentOf(this.#until);
    const asked = { ...(from && { from }), until, setpoint_c: Number(this.#setpoint.value) };
    if (!(await this.#send("/control/vacation", asked))) return;
    for (const input of [this.#from, this.#until]) input.value = "";
    this.#check();
    this.#isTouched = false;
  }

  #momentOf({ value }: HTMLInputElement): string | undefined {
    return momentOf(value, this.#nowMs);
  }
}
