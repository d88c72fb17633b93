/** What the home does and why: the sentence that its page shows. */
import { type StateResponse, sentenceOf, type TariffState } from "@azru/contracts";
import type { Core } from "../core.ts";
import { createFormat, type Language } from "../dashboard/page/format.ts";
import { failsafeReason } from "../dashboard/page/reasons.ts";
import { sentences } from "../dashboard/page/sentence.ts";
import { whyOf } from "../dashboard/page/why.ts";

const formats = { en: createFormat("en"), fr: createFormat("fr") };

/** The page's sentence, and the fail-safe's cause after it where there is one. */
export function reasonOf(
  core: Pick<Core, "plan" | "comfort">,
  state: StateResponse,
  tariff: TariffState,
  language: Language,
): string {
  const format = formats[language];
  const why = whyOf({ state, tariff, plan: core.plan() ?? null, comfort: core.comfort.response });
  const sentence = sentences[language](why, format, Date.parse(state.time));
  const cause = state.failsafe.active ? failsafeReason(state.failsafe, language, format) : undefined;
  return sentenceOf([sentence, cause].filter((part) => part).join(" "));
}
