"""A house in EnergyPlus as a process: one line of JSON out before each quarter of an hour, one line back.

    python plant.py HOUSE --weather FILE.epw [--begin 2025-11-01] [--end 2026-03-31] [--seed 1] [--no-people]
                    [--insulation 1.0] [--leakage 1.0] [--people 1.0]

HOUSE is a name of `../houses` or the path of a JSON file. Out: "k" (step), "time_ms" (Unix time at which the step
begins) and, of the step just past, "air" (mean air temperature, C), "air5" (its three 5-minute values), "op" (operative),
"ext" (outdoor), "power" (electric, W), "floor", "wall" (inside surfaces, C), "sol" (sun through the windows, W), "people"
(W, a stove included). The first line has "air" and "air5" only. Back: {"valve": 0..1}. Last line: {"done": true}. Temperatures are exact.
A home measures air, ext and power; all else is for judging. Exit codes: 0 done, 1 failed (standard error says why),
2 asked wrongly.
"""
import argparse
import calendar
import datetime
import json
import os
import pathlib
import shutil
import sys
import tempfile
import traceback

from energyplus import EnergyPlus
from heater import HEATED_SURFACE, create_emitter
from house import House, HouseError, Variation, read_house
from model import CABLES, CABLES_SETPOINT, EMITTER, PEOPLE, THROTTLING_K, ZONE, epjson
from people import People, Stove

STEP_S = 300
STEPS_A_DECISION = 3
WARM_UP_C = 20.0
WARM_UP_GAIN_PER_K = 0.3


class Plant:
    """A house with its heater and people, from one quarter of an hour to the next."""

    def __init__(self, house: House, begin: datetime.date, start_ms: int, steps: int, seed: int, has_people: bool):
        self.house, self.begin, self.start_ms, self.steps = house, begin, start_ms, steps
        self.seed, self.has_people = seed, has_people
        self.has_cables = house.heater["kind"] in HEATED_SURFACE
        self.power_w = house.heater["power_w"]
        self.people = self._people()
        self.stove = Stove(**house.stove, seed=seed) if house.stove and has_people else None
        self.emitter = None
        self.valve = 0.0
        self.step = 0
        self.past: list = []  # 5-minute values of the decision's step
        self.drawn_w = self.people_w = 0.0
        self.last: dict = {}
        self.energyplus = EnergyPlus(self._variables(), self._actuators())

    def _people(self) -> People:
        house = self.house
        return People(house.people if self.has_people else 0.0, self.seed, house.people_are, house.absent)

    def _variables(self) -> dict:
        names = {
            "air": ("Zone Mean Air Temperature", ZONE),
            "op": ("Zone Operative Temperature", ZONE),
            "ext": ("Site Outdoor Air Drybulb Temperature", "Environment"),
            "sol": ("Enclosure Windows Total Transmitted Solar Radiation Rate", ZONE),
            "floor": ("Surface Inside Face Temperature", "floor"),
            "wall": ("Surface Inside Face Temperature", "wall S"),
        }
        if self.has_cables:
            names["cables"] = ("Zone Radiant HVAC Electricity Rate", CABLES)
        return names

    def _actuators(self) -> dict:
        people = {"people!": ("ElectricEquipment", "Electricity Rate", PEOPLE)}
        if self.has_cables:
            return people | {"heat!": ("Schedule:Constant", "Schedule Value", CABLES_SETPOINT)}
        return people | {"heat!": ("ElectricEquipment", "Electricity Rate", EMITTER)}

    def begin_step(self) -> None:
        plus = self.energyplus
        air_c = plus.value("air")
        if self.emitter is None:
            self.emitter = create_emitter(self.house.heater, air_c)
        if plus.is_warming_up:
            self.valve = min(1.0, max(0.0, WARM_UP_GAIN_PER_K * (WARM_UP_C - air_c)))
        else:
            if self.step == 0:
                self.people = self._people()
            if self.step % STEPS_A_DECISION == 0:
                self.valve = self._decision(air_c)
        if plus.step_of_hour == 1:
            self.people.next_hour()
        hour = plus.hour + (plus.step_of_hour - 1) * STEP_S / 3600
        day = self.begin + datetime.timedelta(seconds=self.step * STEP_S)
        self.people_w = self.people.heat_w(day, hour, plus.is_weekend) + (self.stove.heat_w(day, hour) if self.stove else 0.0)
        plus.actuate("people!", self.people_w)
        self._heat(air_c)

    def _heat(self, air_c: float) -> None:
        if self.has_cables:
            # Half of the capacity at the setpoint, all of it half the throttling range below: valve * capacity.
            setpoint_c = air_c + THROTTLING_K * (self.valve - 0.5) if self.valve > 1e-6 else -200.0
            self.energyplus.actuate("heat!", setpoint_c)
        else:
            heat_w, self.drawn_w = self.emitter.step(self.valve * self.power_w, air_c, STEP_S)
            self.energyplus.actuate("heat!", heat_w)

    def _decision(self, air_c: float) -> float:
        """Writes what happened, reads what to do."""
        line = {"k": self.step // STEPS_A_DECISION, "time_ms": self.start_ms + self.step * STEP_S * 1000}
        write_line(line | (self.last or {"air": air_c, "air5": [air_c]}))
        answer = sys.stdin.readline()
        if not answer:
            raise EOFError("the controller ended before the run")
        valve = json.loads(answer)["valve"]
        if not 0 <= valve <= 1:
            raise ValueError(f"valve must be within 0..1, got {valve}")
        return float(valve)

    def end_step(self) -> None:
        plus = self.energyplus
        if plus.is_warming_up:
            return
        now = {name: plus.value(name) for name in ("air", "op", "ext", "sol", "floor", "wall")}
        self.past.append(now | {"power": plus.value("cables") if self.has_cables else self.drawn_w, "people": self.people_w})
        self.step += 1
        if len(self.past) == STEPS_A_DECISION:
            mean = {name: sum(each[name] for each in self.past) / STEPS_A_DECISION for name in self.past[0]}
            self.last = mean | {"air5": [each["air"] for each in self.past]}
            self.past = []

    @property
    def is_done(self) -> bool:
        return self.step >= self.steps


def write_line(content: dict) -> None:
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


def leave(code: int, folder: str) -> None:
    """Ends the process at once: EnergyPlus's own embedded Python would take this one down with an error."""
    sys.stdout.flush()
    sys.stderr.flush()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(code)


def guarded(callback, folder: str):
    def call() -> None:
        try:
            callback()
        except BaseException:
            traceback.print_exc()
            leave(1, folder)
    return call


def run(options: argparse.Namespace) -> None:
    variation = Variation(options.insulation, options.leakage, options.people)
    house = read_house(options.house, variation)
    begin, end = options.begin, options.end
    days = (end - begin).days + 1
    if days < 1:
        raise HouseError(f"--end {end} must not be before --begin {begin}")
    start_ms = (calendar.timegm(begin.timetuple()) - options.utc_offset * 3600) * 1000
    plant = Plant(house, begin, start_ms, days * 86_400 // STEP_S, options.seed, not options.no_people)
    folder = tempfile.mkdtemp(prefix="azru-energyplus-")
    input_file = pathlib.Path(folder) / "in.epJSON"
    input_file.write_text(json.dumps(epjson(house, *[(day.year, day.month, day.day) for day in (begin, end)])))

    def end_step() -> None:
        plant.end_step()
        if plant.is_done:
            write_line(plant.last | {"k": plant.step // STEPS_A_DECISION, "time_ms": start_ms + plant.step * STEP_S * 1000, "done": True})
            leave(0, folder)

    code = plant.energyplus.run(str(input_file), os.path.abspath(options.weather), folder, guarded(plant.begin_step, folder), guarded(end_step, folder))
    report = pathlib.Path(folder) / "eplusout.err"
    sys.stderr.write(f"EnergyPlus ended with {code} after {plant.step} of {plant.steps} steps\n")
    sys.stderr.write(report.read_text()[-4000:] if report.exists() else "")
    leave(1, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description="A house in EnergyPlus, driven by lines of JSON.")
    parser.add_argument("house")
    parser.add_argument("--weather", required=True)
    parser.add_argument("--begin", type=datetime.date.fromisoformat, default=datetime.date(2025, 11, 1))
    parser.add_argument("--end", type=datetime.date.fromisoformat, default=datetime.date(2026, 3, 31))
    parser.add_argument("--utc-offset", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-people", action="store_true")
    for name in ("insulation", "leakage", "people"):
        parser.add_argument(f"--{name}", type=float, default=1.0)
    try:
        run(parser.parse_args())
    except HouseError as error:
        sys.exit(f"plant: {error}")


if __name__ == "__main__":
    main()
