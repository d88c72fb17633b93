/** Electric heaters of a home: each on for its share of the time, in turn, and together within a power. */
import {
  accountDutyCycle,
  type DutyCycle,
  type DutyCycleOptions,
  isDueOff,
  isDueOn,
  rippleOf,
  startDutyCycle,
} from "./duty-cycle.ts";

export interface HeaterOptions extends DutyCycleOptions {
  /** What it draws while it is on, W; 0 has it neither wait for the others nor count in the limit. */
  readonly rated_w: number;
}

export interface HeaterState extends DutyCycle {
  /** Share of the time that was last granted, 0 to 1; less than what was asked where the limit asks for it. */
  readonly duty: number;
  /** It is time to go on, and the power limit does not allow it. */
  readonly isHeldBack: boolean;
  /** Its room was too near its setpoint at the last step. */
  readonly isFirst: boolean;
}

export interface HeaterBank {
  readonly heaters: readonly HeaterState[];
}

/** What is asked of a bank, its numbers by heater in the order of the options. */
export interface BankDemand {
  readonly nowMs: number;
  /** Share of the time that each is to be on, 0 to 1. */
  readonly duties: readonly number[];
  /** Heaters of rooms that are too near their setpoints: where power is short, they come first. */
  readonly areFirst?: readonly boolean[] | undefined;
  /** Power that the heaters may draw together, W; `Infinity` without a limit. */
  readonly available_w: number;
}

/** A bank whose heaters are all off from now on. */
export function startHeaterBank(options: readonly HeaterOptions[], nowMs: number): HeaterBank {
  return {
    heaters: options.map(() => ({ ...startDutyCycle(nowMs), duty: 0, isHeldBack: false, isFirst: false })),
  };
}

/**
 * Shares that fit into a power: where together they ask for more, those that come first get theirs, and the others what is
 * left; among the ones as among the others each gets the same part of what it asks for. A heater that alone is above what
 * there is for it gets nothing.
 *
 * @param duties 0 to 1, of heaters of `rated_w`, W
 */
export function dutiesWithin(
  duties: readonly number[],
  rated_w: readonly number[],
  available_w: number,
  areFirst: readonly boolean[] = [],
): number[] {
  const first = samePart(
    duties.map((duty, i) => (areFirst[i] ? duty : 0)),
    rated_w,
    available_w,
  );
  const taken_w = first.reduce((sum, duty, i) => sum + duty * rated_w[i], 0);
  const rest = samePart(
    duties.map((duty, i) => (areFirst[i] ? 0 : duty)),
    rated_w,
    available_w - taken_w,
  );
  return first.map((duty, i) => duty + rest[i]);
}

function samePart(duties: readonly number[], rated_w: readonly number[], available_w: number): number[] {
  const possible = duties.map((duty, i) => (rated_w[i] <= Math.max(0, available_w) ? duty : 0));
  const asked_w = possible.reduce((sum, duty, i) => sum + duty * rated_w[i], 0);
  const part = asked_w > Math.max(0, available_w) ? available_w / asked_w : 1;
  return possible.map((duty, i) => (rated_w[i] > 0 ? duty * part : duty));
}

/** Power that the heaters which are on draw together, W. */
export function bankPower_w(bank: HeaterBank, options: readonly HeaterOptions[]): number {
  return power_w(bank.heaters.map(({ isOn }, i) => ({ isOn, options: options[i] })));
}

/**
 * Goes through the time since the last step with what was granted then, and switches what is to be switched now.
 * Call it every few seconds to a minute.
 *
 * Each heater keeps account of the on-time that is owed to it, so that its mean is exact over time, whatever the
 * minimum times and the commands were. At a duty of 0 it goes off after its minimum on-time, and what is owed stays
 * owed. Beyond that:
 *
 * - The heaters that are on never have more than `available_w` together. When it falls, those to which the least is
 *   owed go off at once; this alone disregards the minimum on-time.
 * - Heaters take turns, so that together they draw about the mean of what is asked for: one that is due to go on
 *   waits while enough are on, one that is due to go off while too few are; neither until more than half a period's
 *   share is owed or given too much beyond what made it due.
 * - Where the limit holds a heater back, one that is on gives way once half a period more is owed to the other.
 * - A heater that comes first waits for nothing but its minimum off-time and the limit: others that are on give way to it
 *   after their minimum on-time. What its heater was given too much before does not count against it, since the room's
 *   thermometer shows what came of it. Those that come first take turns by what is owed to them.
 * - Of what the limit withholds no more stays owed to a heater than a period and its minimum times; what is beyond is
 *   taken from all alike, so that they stay even. A plan made from the room's temperature asks for it again.
 */
export function stepHeaterBank(
  bank: HeaterBank,
  options: readonly HeaterOptions[],
  { nowMs, duties, areFirst, available_w }: BankDemand,
): HeaterBank {
  const granted = dutiesWithin(
    duties,
    options.map(({ rated_w }) => rated_w),
    available_w,
    areFirst,
  );
  const heaters = bank.heaters.map((heater, i): Switchable => {
    const isFirst = areFirst?.[i] ?? false;
    const cycle = accountDutyCycle(heater, nowMs, heater.duty);
    const owed_ms = isFirst && !heater.isFirst ? Math.max(0, cycle.owed_ms) : cycle.owed_ms;
    return { ...cycle, owed_ms, duty: granted[i], isHeldBack: false, isFirst, options: options[i] };
  });
  forgive(heaters);
  const mean_w = heaters.reduce((sum, { duty, options: { rated_w } }) => sum + duty * rated_w, 0);
  for (const one of heaters.filter((one) => isDueOff(one, one.duty, one.options)).sort(leastOwedFirst))
    if (power_w(heaters) - one.options.rated_w / 2 >= mean_w || !mayWait(one)) turn(one);
  shed(heaters, available_w);
  for (const one of heaters.filter(isDue).sort(firstThenMostOwed)) {
    const { rated_w } = one.options;
    if (!fits(heaters, rated_w, available_w)) giveWay(heaters, one, available_w);
    if (!fits(heaters, rated_w, available_w)) one.isHeldBack = true;
    else if (power_w(heaters) + rated_w / 2 <= mean_w || !mayWait(one)) turn(one);
  }
  return { heaters: heaters.map(({ options: _, ...state }) => state) };
}

type Switchable = { -readonly [Field in keyof HeaterState]: HeaterState[Field] } & {
  readonly options: HeaterOptions;
};

/** By what is owed, heaters that come first after the others; of two alike the one that has stayed as it is for longer. */
const leastOwedFirst = (a: Switchable, b: Switchable) =>
  Number(a.isFirst) - Number(b.isFirst) || a.owed_ms - b.owed_ms || a.sinceMs - b.sinceMs;
const firstThenMostOwed = (a: Switchable, b: Switchable) =>
  Number(b.isFirst) - Number(a.isFirst) || b.owed_ms - a.owed_ms || a.sinceMs - b.sinceMs;

function isDue(one: Switchable): boolean {
  const { isFirst, isOn, duty, owed_ms, atMs, sinceMs, options } = one;
  if (!isFirst) return isDueOn(one, duty, options);
  return !isOn && duty > 0 && owed_ms >= 0 && atMs - sinceMs >= options.minimumOff_ms;
}

function turn(one: Switchable): void {
  one.isOn = !one.isOn;
  one.sinceMs = one.atMs;
}

function power_w(heaters: readonly Pick<Switchable, "isOn" | "options">[]): number {
  return heaters.reduce((sum, { isOn, options }) => sum + (isOn ? options.rated_w : 0), 0);
}

function fits(heaters: readonly Switchable[], rated_w: number, available_w: number): boolean {
  return rated_w === 0 || power_w(heaters) + rated_w <= available_w;
}

/** Whether a heater that is due to go on or off may wait for its turn. */
function mayWait({ isOn, isFirst, owed_ms, duty, options }: Switchable): boolean {
  if (duty <= 0 || duty >= 1 || (isFirst && !isOn) || options.rated_w === 0) return false;
  const waited_ms = Math.abs(owed_ms) - rippleOf(duty, options) / 2;
  return waited_ms < ((isOn ? 1 - duty : duty) * options.period_ms) / 2;
}

/** Takes what is owed beyond the bound from all to which something is owed. */
function forgive(heaters: readonly Switchable[]): void {
  const limited = heaters.filter(({ options }) => options.rated_w > 0);
  const excess_ms = Math.max(
    0,
    ...limited.map(
      ({ owed_ms, options: { period_ms, minimumOn_ms, minimumOff_ms } }) =>
        owed_ms - period_ms - minimumOn_ms - minimumOff_ms,
    ),
  );
  for (const one of limited) one.owed_ms = Math.max(Math.min(one.owed_ms, 0), one.owed_ms - excess_ms);
}

/** Switches off what is too much, least owed first. */
function shed(heaters: readonly Switchable[], available_w: number): void {
  const on = heaters.filter(({ isOn, options }) => isOn && options.rated_w > 0).sort(leastOwedFirst);
  for (const one of on) if (power_w(heaters) > available_w) turn(one);
}

/** Makes room for a heater that is due, where others have had enough more than it, or do not come first as it does. */
function giveWay(heaters: readonly Switchable[], due: Switchable, available_w: number): void {
  const mayYield = ({ isOn, isFirst, atMs, sinceMs, owed_ms, options }: Switchable) =>
    isOn &&
    options.rated_w > 0 &&
    atMs - sinceMs >= options.minimumOn_ms &&
    (isFirst === due.isFirst ? due.owed_ms - owed_ms >= due.options.period_ms / 2 : due.isFirst);
  let excess_w = power_w(heaters) + due.options.rated_w - available_w;
  const yielding: Switchable[] = [];
  for (const one of heaters.filter(mayYield).sort(leastOwedFirst)) {
    if (excess_w <= 0) break;
    excess_w -= one.options.rated_w;
    yielding.push(one);
  }
  if (excess_w <= 0) yielding.forEach(turn);
}
