"""EMHASS's own optimisation class as a controller: one load of the kind `thermal_battery`, a linear program.

The house is what that load describes: one temperature, heated through a first-order lag. Its five parameters (capacity,
heat loss, share of the sun through the windows of the building file, heat of people, lag) are fitted to the history. Losses
and gains are given as `draw_off_demand`, a value a step: EMHASS's own formula for them lets the sun warm a house no further
than to balance its losses. A floor that cannot be kept even at full power gives way, since EMHASS has no soft one here.
"""
import logging
import pathlib

import numpy as np
import pandas as pd
from emhass.optimization import Optimization
from scipy.optimize import lsq_linear
from scipy.signal import lfilter

import peer

DENSITY_KG_M3, HEAT_CAPACITY_KJ_KGK = 1000.0, 3.6  # 1 m3 is then 1 kWh/K
LAGS_H = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0)
DAY_H = 24
REACHABLE_K = 0.02  # how far below what full power reaches the floor is put


def demand_kwh(start_c: float, outdoor_c, sun_w, parameters: dict, step_h: float):
    """What the house loses in each step, its sun and people set against it; the loss is that at the temperature now."""
    loss_kw = parameters["loss_kw_k"] * (start_c - outdoor_c)
    return step_h * (loss_kw - parameters["sun_share"] * sun_w / 1000 - parameters["people_kw"])


def simulate(start_c: float, heat_kwh, outdoor_c, sun_w, parameters: dict, step_h: float, passed_kwh: float):
    """EMHASS's equations of a `thermal_battery`: temperatures at the start of each step.

    `passed_kwh` is what comes out of the lag in the first step."""
    given_kwh = pass_lag(heat_kwh, parameters["lag_h"], step_h, passed_kwh)
    change_k = (given_kwh - demand_kwh(start_c, outdoor_c, sun_w, parameters, step_h)) / parameters["capacity_kwh_k"]
    return start_c + np.concatenate([[0.0], np.cumsum(change_k[:-1])])


def pass_lag(heat_kwh, lag_h: float, step_h: float, passed_kwh: float):
    """What comes out of the lag in each step; without one, what went in."""
    if lag_h == 0:
        return np.asarray(heat_kwh)
    alpha = min(1.0, step_h / lag_h)
    passed, _ = lfilter([alpha], [1, alpha - 1], heat_kwh[:-1], zi=[(1 - alpha) * passed_kwh])
    return np.concatenate([[passed_kwh], passed])


def fit(history: dict, step_h: float) -> dict:
    """Parameters by linear least squares of the temperatures over a day from each midnight; the lag is the best of a few."""
    air_c, outdoor_c, sun_w, power_w = (np.asarray(history[name]) for name in ("air_c", "outdoor_c", "sun_w", "power_w"))
    heat_kwh = power_w / 1000 * step_h
    day = round(DAY_H / step_h)
    best = None
    for lag_h in LAGS_H:
        passed_kwh = pass_lag(heat_kwh, lag_h, step_h, float(np.mean(heat_kwh)))
        rows, changes_k = [], []
        for k in range(day, len(air_c) - day + 1, day):
            now = slice(k, k + day)
            start_c = air_c[k - 1]  # measured air is the mean of a step: the last before midnight stands for midnight
            parts_kwh = passed_kwh[now], step_h * (outdoor_c[now] - start_c), step_h * sun_w[now] / 1000, np.full(day, step_h)
            rows.append(np.cumsum(parts_kwh, axis=1).T)
            changes_k.append(air_c[now] - start_c)
        found = lsq_linear(np.concatenate(rows), np.concatenate(changes_k), bounds=(1e-6, np.inf))
        if best is None or found.cost < best[0]:
            per_kwh = found.x[0]
            best = found.cost, {
                "capacity_kwh_k": 1 / per_kwh,
                "loss_kw_k": found.x[1] / per_kwh,
                "sun_share": found.x[2] / per_kwh,
                "people_kw": found.x[3] / per_kwh,
                "lag_h": lag_h,
                "rms_k": float(np.sqrt(2 * found.cost / sum(map(len, changes_k)))),
            }
    return {name: float(value) for name, value in best[1].items()}


class Emhass:
    def __init__(self, setting: dict):
        if setting["history"] is None:
            raise SystemExit("EMHASS has no parameters without a history")
        self.step_h, self.steps = setting["dt_s"] / 3600, setting["horizon_steps"]
        self.min_c, self.max_c = setting["min_c"], setting["max_c"]
        self.max_power_w = setting["max_power_w"]
        self.parameters = fit(setting["history"], self.step_h)
        history_kwh = np.asarray(setting["history"]["power_w"]) / 1000 * self.step_h
        self.passed_kwh = float(pass_lag(history_kwh, self.parameters["lag_h"], self.step_h, float(history_kwh.mean()))[-1])
        self.load = self._load()
        self.optimisation = self._optimisation()

    def _load(self) -> dict:
        p = self.parameters
        return {
            "start_temperature": self.min_c,
            "draw_off_demand": [0.0] * self.steps,
            "efficiency": 1.0,
            "volume": p["capacity_kwh_k"],
            "density": DENSITY_KG_M3,
            "heat_capacity": HEAT_CAPACITY_KJ_KGK,
            "thermal_loss": 0.0,
            "thermal_inertia_time_constant": p["lag_h"],
            "min_temperatures": [self.min_c] * self.steps,
            "max_temperatures": [self.max_c] * self.steps,
        }

    def _optimisation(self) -> Optimization:
        retrieve = {
            "optimization_time_step": pd.to_timedelta(self.step_h, "h"),
            "time_zone": "Europe/Paris",
            "sensor_power_photovoltaics": "pv",
            "sensor_power_load_no_var_loads": "load",
        }
        conf = {
            "number_of_deferrable_loads": 1,
            "nominal_power_of_deferrable_loads": [self.max_power_w],
            "minimum_power_of_deferrable_loads": [0.0],
            "treat_deferrable_load_as_semi_cont": [False],
            "set_deferrable_load_single_constant": [False],
            "set_deferrable_startup_penalty": [0.0],
            "operating_hours_of_each_deferrable_load": [0],
            "start_timesteps_of_each_deferrable_load": [0],
            "end_timesteps_of_each_deferrable_load": [0],
            "def_load_config": [{"thermal_battery": self.load}],
            "set_use_battery": False,
            "set_use_pv": False,
            "set_total_pv_sell": False,
            "num_threads": 1,
            "delta_forecast_daily": pd.to_timedelta(self.steps * self.step_h, "h"),
        }
        plant = {
            "maximum_power_from_grid": 2 * self.max_power_w,
            "maximum_power_to_grid": 2 * self.max_power_w,
            "inverter_is_hybrid": False,
            "compute_curtailment": False,
        }
        logger = logging.getLogger("emhass")
        logger.setLevel(logging.ERROR)
        return Optimization(retrieve, conf, plant, "unit_load_cost", "unit_prod_price", "cost", {}, logger)

    def decide(self, now: dict) -> tuple[float, bool]:
        self._pass(now["power_w"])
        outdoor_c, sun_w = np.asarray(now["outdoor_ahead_c"]), np.asarray(now["sun_ahead_w"])
        air_c = now["air_c"]
        full_kwh = np.full(self.steps, self.max_power_w / 1000 * self.step_h)
        ahead = outdoor_c, sun_w, self.parameters, self.step_h
        reach_c = simulate(air_c, full_kwh, *ahead, self.passed_kwh)
        free_c = simulate(air_c, 0 * full_kwh, *ahead, self.passed_kwh)
        self.load["draw_off_demand"] = demand_kwh(air_c, *ahead).tolist()
        self.load["start_temperature"] = air_c
        self.load["q_input_initial"] = self.passed_kwh
        self.load["min_temperatures"] = np.minimum(self.min_c, reach_c - REACHABLE_K).tolist()
        self.load["max_temperatures"] = np.maximum(self.max_c, free_c + REACHABLE_K).tolist()
        index = pd.date_range("2025-01-01", periods=self.steps, freq=f"{round(self.step_h * 60)}min")
        data = pd.DataFrame(
            {
                "outdoor_temperature_forecast": outdoor_c,
                "unit_load_cost": now["price_eur_kwh"],
                "unit_prod_price": 0.0,
            },
            index=index,
        )
        zero = pd.Series(np.zeros(self.steps), index=index)
        optimisation = self.optimisation
        optimisation.update_thermal_params(optimisation.optim_conf, data, zero.values)
        result = optimisation.perform_naive_mpc_optim(data, zero, zero, self.steps, def_total_hours=[0])
        is_planned = optimisation.optim_status.lower().startswith("optimal") and "P_deferrable0" in result
        # Without a plan a home is heated by its thermostat.
        valve = result["P_deferrable0"].iloc[0] / self.max_power_w if is_planned else float(air_c < self.min_c + 0.5)
        return valve, is_planned

    def _pass(self, power_w: float) -> None:
        """One measured step through the lag."""
        lag_h, heat_kwh = self.parameters["lag_h"], power_w / 1000 * self.step_h
        alpha = min(1.0, self.step_h / lag_h) if lag_h > 0 else 1.0
        self.passed_kwh += alpha * (heat_kwh - self.passed_kwh)


if __name__ == "__main__":
    peer.serve(Emhass)
