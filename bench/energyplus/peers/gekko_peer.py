"""The method of the Python prototype: a nonlinear program in GEKKO, solved by IPOPT at each decision.

The house is the 5R1C zone of the building file, written as GEKKO users write it: a differential equation of the mass,
two algebraic ones of surface and air, comfort as a soft constraint with slack variables, the valve from 0 to 1. The mass
temperature, which no home measures, comes from a fixed-gain observer of the same zone. A plan is followed for an hour and
then made anew, to keep a winter to minutes.
"""
import sys

import numpy as np
from gekko import GEKKO

import peer

OBSERVER_GAIN = 0.2  # share of the air's error that goes to the mass at each step
UNDER_EUR_KH, OVER_EUR_KH = 1.5, 10.0
IPOPT = 3


class Gekko:
    parameters: dict = {}

    def __init__(self, setting: dict):
        self.zone, self.step_h, self.steps = setting["zone"], setting["dt_s"] / 3600, setting["horizon_steps"]
        self.min_c, self.max_c, self.max_power_w = setting["min_c"], setting["max_c"], setting["max_power_w"]
        self.steps_a_plan = round(1 / self.step_h)
        self.mass_c = None
        self.sun_w = 0.0
        self.plan: list = []

    def _gains(self, sun_w, heat_w):
        """Heat into air, surface and mass, ISO 13790 C.1 to C.3, W."""
        z = self.zone
        gains = 0.5 * z["internal_w"] + sun_w
        return (
            0.5 * z["internal_w"] + z["share_air"] * heat_w,
            z["gains_surface"] * gains + z["share_surface"] * heat_w,
            z["gains_mass"] * gains + z["share_mass"] * heat_w,
        )

    def _nodes(self, mass_c, outdoor_c, sun_w, heat_w):
        """Air temperature and the mass's change in a step."""
        z = self.zone
        air_w, surface_w, mass_w = self._gains(sun_w, heat_w)
        a = np.array([[z["H_ve"] + z["H_is"], -z["H_is"]], [-z["H_is"], z["H_w"] + z["H_is"] + z["H_ms"]]])
        b = np.array([z["H_ve"] * outdoor_c + air_w, z["H_w"] * outdoor_c + z["H_ms"] * mass_c + surface_w])
        air_c, surface_c = np.linalg.solve(a, b)
        flow_w = z["H_em"] * (outdoor_c - mass_c) + z["H_ms"] * (surface_c - mass_c) + mass_w
        return air_c, flow_w * self.step_h * 3600 / z["C_m"]

    def decide(self, now: dict) -> tuple[float, bool | None]:
        if self.mass_c is None:
            self.mass_c = now["air_c"]
        else:
            air_c, change_k = self._nodes(self.mass_c, now["outdoor_c"], self.sun_w, now["power_w"])
            self.mass_c += change_k + OBSERVER_GAIN * (now["air_c"] - air_c)
        self.sun_w = now["sun_ahead_w"][0]
        if self.plan:
            return self.plan.pop(0), None
        self.plan, is_planned = self._solve(now)
        return self.plan.pop(0), is_planned

    def _solve(self, now: dict) -> tuple[list, bool]:
        z, m = self.zone, GEKKO(remote=False)
        try:
            m.time = np.arange(self.steps + 1) * self.step_h
            shifted = lambda values: np.concatenate([[values[0]], values])  # GEKKO's value at k holds in the step before
            outdoor, sun = m.Param(shifted(now["outdoor_ahead_c"])), m.Param(shifted(now["sun_ahead_w"]))
            price = m.Param(shifted(now["price_eur_kwh"]))
            valve = m.MV(value=0.2, lb=0, ub=1)
            valve.STATUS = 1
            mass, air, surface = m.Var(self.mass_c), m.Var(now["air_c"]), m.Var(now["air_c"])
            under, over = m.Var(0, lb=0), m.Var(0, lb=0)
            heat = m.Intermediate(valve * self.max_power_w)
            air_w, surface_w, mass_w = self._gains(sun, heat)
            m.Equation(z["H_ve"] * (outdoor - air) + z["H_is"] * (surface - air) + air_w == 0)
            m.Equation(z["H_w"] * (outdoor - surface) + z["H_is"] * (air - surface) + z["H_ms"] * (mass - surface) + surface_w == 0)
            m.Equation(z["C_m"] / 3600 * mass.dt() == z["H_em"] * (outdoor - mass) + z["H_ms"] * (surface - mass) + mass_w)
            m.Equation(under >= self.min_c - air)
            m.Equation(over >= air - self.max_c)
            m.Obj(price * heat / 1000 + UNDER_EUR_KH * under + OVER_EUR_KH * over)
            m.options.IMODE, m.options.SOLVER, m.options.NODES = 6, IPOPT, 2
            m.solve(disp=False)
            return [float(v) for v in valve.value[1 : 1 + self.steps_a_plan]], True
        except Exception as error:  # GEKKO raises bare Exception where IPOPT finds no solution
            print(f"gekko: {error}", file=sys.stderr)
            return [float(now["air_c"] < self.min_c + 0.5)] * self.steps_a_plan, False
        finally:
            m.cleanup()


if __name__ == "__main__":
    peer.serve(Gekko)
