"""ASHRAE 140 cases 600, 600FF, 900 and 900FF as EnergyPlus input, run on any weather file for a year.

    python bestest.py WEATHER.epw [CASE...]

prints a line of JSON a case. Geometry, layers, air change, gains and setpoints are those of the standard (ANSI/ASHRAE
140, section 5.2); the window is a simple glazing system of the standard's U and g, as the building files have it. Sums
and peaks are of whole hours.
"""
import json
import pathlib
import sys
import tempfile

from energyplus import EnergyPlus

STEPS_AN_HOUR = 4
LENGTH, WIDTH, HEIGHT = 8.0, 6.0, 2.7
WINDOW_U, WINDOW_G = 3.0, 0.789
GROUND_C = 10.0
# Thickness m, conductivity W/(m K), density kg/m3, specific heat J/(kg K); from outside to inside.
ROOF = [("roof deck", 0.019, 0.14, 530, 900), ("roof fibreglass", 0.1118, 0.04, 12, 840), ("roof board", 0.010, 0.16, 950, 840)]
LIGHT = {
    "wall": [("wood siding", 0.009, 0.14, 530, 900), ("wall fibreglass", 0.066, 0.04, 12, 840), ("plasterboard", 0.012, 0.16, 950, 840)],
    "floor": [("floor insulation", 25.075, None, None, None), ("timber floor", 0.025, 0.14, 650, 1200)],
    "roof": ROOF,
}
HEAVY = {
    "wall": [("wood siding", 0.009, 0.14, 530, 900), ("foam", 0.0615, 0.04, 10, 1400), ("concrete block", 0.100, 0.51, 1400, 1000)],
    "floor": [("floor insulation", 25.175, None, None, None), ("slab", 0.080, 1.13, 1400, 1000)],
    "roof": ROOF,
}
CASES = {"600": (LIGHT, True), "600FF": (LIGHT, False), "900": (HEAVY, True), "900FF": (HEAVY, False)}


def epjson(layers: dict, is_heated: bool) -> dict:
    materials, massless, constructions = {}, {}, {"window": {"outside_layer": "glazing"}}
    for name, stack in layers.items():
        keys = ["outside_layer"] + [f"layer_{i}" for i in range(2, len(stack) + 1)]
        constructions[name] = dict(zip(keys, [layer[0] for layer in stack]))
        for material, thickness, conductivity, density, heat in stack:
            shared = {"roughness": "Rough", "thermal_absorptance": 0.9, "solar_absorptance": 0.6, "visible_absorptance": 0.6}
            if conductivity is None:  # thickness is the resistance, m2 K/W
                massless[material] = shared | {"thermal_resistance": thickness}
            else:
                materials[material] = shared | {
                    "thickness": thickness, "conductivity": conductivity, "density": density, "specific_heat": heat,
                }
    model = {
        "Version": {"version": {"version_identifier": "25.2"}},
        "Timestep": {"timestep": {"number_of_timesteps_per_hour": STEPS_AN_HOUR}},
        "SimulationControl": {"control": {
            "run_simulation_for_sizing_periods": "No", "run_simulation_for_weather_file_run_periods": "Yes",
        }},
        "Building": {"bestest": {"terrain": "Country", "solar_distribution": "FullInteriorAndExterior"}},
        "GlobalGeometryRules": {"rules": {
            "starting_vertex_position": "UpperLeftCorner", "vertex_entry_direction": "Counterclockwise", "coordinate_system": "Relative",
        }},
        "RunPeriod": {"run": {
            "begin_month": 1, "begin_day_of_month": 1, "end_month": 12, "end_day_of_month": 31,
            "use_weather_file_daylight_saving_period": "No", "use_weather_file_holidays_and_special_days": "No",
        }},
        "Site:GroundTemperature:BuildingSurface": {"ground": {f"{month}_ground_temperature": GROUND_C for month in (
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")}},
        "HeatBalanceAlgorithm": {"balance": {"algorithm": "ConductionTransferFunction"}},
        "SurfaceConvectionAlgorithm:Inside": {"inside": {"algorithm": "TARP"}},
        "SurfaceConvectionAlgorithm:Outside": {"outside": {"algorithm": "DOE-2"}},
        "ScheduleTypeLimits": {"any": {}},
        "Schedule:Constant": {
            "always": {"schedule_type_limits_name": "any", "hourly_value": 1},
            "heating": {"schedule_type_limits_name": "any", "hourly_value": 20},
            "cooling": {"schedule_type_limits_name": "any", "hourly_value": 27},
            "dual": {"schedule_type_limits_name": "any", "hourly_value": 4},
        },
        "Zone": {"zone": {"ceiling_height": HEIGHT, "volume": LENGTH * WIDTH * HEIGHT}},
        "Material": materials, "Material:NoMass": massless, "Construction": constructions,
        "WindowMaterial:SimpleGlazingSystem": {"glazing": {"u_factor": WINDOW_U, "solar_heat_gain_coefficient": WINDOW_G}},
        "ElectricEquipment": {"gains": {
            "zone_or_zonelist_or_space_or_spacelist_name": "zone", "schedule_name": "always",
            "design_level_calculation_method": "EquipmentLevel", "design_level": 200,
            "fraction_latent": 0, "fraction_radiant": 0.6, "fraction_lost": 0,
        }},
        "ZoneInfiltration:DesignFlowRate": {"leaks": {
            "zone_or_zonelist_or_space_or_spacelist_name": "zone", "schedule_name": "always",
            "design_flow_rate_calculation_method": "AirChanges/Hour", "air_changes_per_hour": 0.5,
            "constant_term_coefficient": 1, "temperature_term_coefficient": 0, "velocity_term_coefficient": 0, "velocity_squared_term_coefficient": 0,
        }},
        "OutputControl:Files": {"files": {f"output_{kind}": "No" for kind in ("csv", "mtr", "eso", "eio", "tabular", "audit", "bnd", "rdd", "mdd", "mtd", "shd", "dxf")}},
    }
    model |= _surfaces()
    if is_heated:
        model |= {
            "ZoneControl:Thermostat": {"thermostat": {
                "zone_or_zonelist_name": "zone", "control_type_schedule_name": "dual",
                "control_1_object_type": "ThermostatSetpoint:DualSetpoint", "control_1_name": "setpoints",
            }},
            "ThermostatSetpoint:DualSetpoint": {"setpoints": {
                "heating_setpoint_temperature_schedule_name": "heating", "cooling_setpoint_temperature_schedule_name": "cooling",
            }},
            "ZoneHVAC:EquipmentConnections": {"connections": {
                "zone_name": "zone", "zone_conditioning_equipment_list_name": "equipment",
                "zone_air_inlet_node_or_nodelist_name": "inlet", "zone_air_node_name": "zone air", "zone_return_air_node_or_nodelist_name": "return",
            }},
            "ZoneHVAC:EquipmentList": {"equipment": {"load_distribution_scheme": "SequentialLoad", "equipment": [{
                "zone_equipment_object_type": "ZoneHVAC:IdealLoadsAirSystem", "zone_equipment_name": "ideal",
                "zone_equipment_cooling_sequence": 1, "zone_equipment_heating_or_no_load_sequence": 1,
            }]}},
            "ZoneHVAC:IdealLoadsAirSystem": {"ideal": {
                "zone_supply_air_node_name": "inlet", "dehumidification_control_type": "None", "humidification_control_type": "None",
            }},
        }
    return model


def _surfaces() -> dict:
    surfaces = {}

    def add(name: str, kind: str, condition: str, points: list) -> None:
        is_exposed = condition == "Outdoors"
        surfaces[name] = {
            "surface_type": kind, "construction_name": kind.lower(), "zone_name": "zone", "outside_boundary_condition": condition,
            "sun_exposure": "SunExposed" if is_exposed else "NoSun", "wind_exposure": "WindExposed" if is_exposed else "NoWind",
            "vertices": [{f"vertex_{axis}_coordinate": value for axis, value in zip("xyz", point)} for point in points],
        }

    corners = {
        "S": ((0, 0), (LENGTH, 0)), "E": ((LENGTH, 0), (LENGTH, WIDTH)),
        "N": ((LENGTH, WIDTH), (0, WIDTH)), "W": ((0, WIDTH), (0, 0)),
    }
    for side, ((x0, y0), (x1, y1)) in corners.items():
        add(f"wall {side}", "Wall", "Outdoors", [(x0, y0, HEIGHT), (x0, y0, 0), (x1, y1, 0), (x1, y1, HEIGHT)])
    add("roof", "Roof", "Outdoors", [(0, WIDTH, HEIGHT), (0, 0, HEIGHT), (LENGTH, 0, HEIGHT), (LENGTH, WIDTH, HEIGHT)])
    add("floor", "Floor", "Ground", [(0, 0, 0), (0, WIDTH, 0), (LENGTH, WIDTH, 0), (LENGTH, 0, 0)])
    windows = {}
    for i, left in enumerate((0.5, 4.5)):
        points = [(left, 0, 2.2), (left, 0, 0.2), (left + 3, 0, 0.2), (left + 3, 0, 2.2)]
        windows[f"window {i}"] = {
            "surface_type": "Window", "construction_name": "window", "building_surface_name": "wall S", "number_of_vertices": 4,
        } | {f"vertex_{k + 1}_{axis}_coordinate": value for k, point in enumerate(points) for axis, value in zip("xyz", point)}
    return {"BuildingSurface:Detailed": surfaces, "FenestrationSurface:Detailed": windows}


def run(case: str, weather: str) -> dict:
    layers, is_heated = CASES[case]
    variables = {"air": ("Zone Mean Air Temperature", "zone")}
    if is_heated:
        variables |= {
            "heating": ("Zone Ideal Loads Zone Sensible Heating Rate", "ideal"),
            "cooling": ("Zone Ideal Loads Zone Sensible Cooling Rate", "ideal"),
        }
    simulation = EnergyPlus(variables, {})
    steps = {name: [] for name in variables}

    def end_step() -> None:
        if simulation.is_warming_up:
            return
        for name in variables:
            steps[name].append(simulation.value(name))

    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "case.epJSON"
        file.write_text(json.dumps(epjson(layers, is_heated)))
        code = simulation.run(str(file), weather, folder, lambda: None, end_step)
        if code != 0:
            raise SystemExit(f"{case}: EnergyPlus ended with {code}: {(pathlib.Path(folder) / 'eplusout.err').read_text()[-2000:]}")
    hourly = {name: [sum(values[i:i + STEPS_AN_HOUR]) / STEPS_AN_HOUR for i in range(0, len(values), STEPS_AN_HOUR)]
              for name, values in steps.items()}
    if not is_heated:
        return {"case": case, "min_c": min(hourly["air"]), "max_c": max(hourly["air"])}
    return {
        "case": case, "heating_kwh": sum(hourly["heating"]) / 1000, "peak_heating_w": max(hourly["heating"]),
        "cooling_kwh": sum(hourly["cooling"]) / 1000, "peak_cooling_w": max(hourly["cooling"]),
    }


if __name__ == "__main__":
    for name in sys.argv[2:] or CASES:
        print(json.dumps({key: round(value, 3) if isinstance(value, float) else value for key, value in run(name, sys.argv[1]).items()}), flush=True)
