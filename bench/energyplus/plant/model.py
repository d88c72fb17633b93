"""A house as EnergyPlus input (epJSON)."""
from heater import radiant_share
from house import House

STEPS_AN_HOUR = 12
ZONE = "zone"
PEOPLE = "people and appliances"
EMITTER = "emitter"
CABLES = "cables"
CABLES_SETPOINT = "cables setpoint"
THROTTLING_K = 100.0
SILL_M, WINDOW_HEIGHT_M, DOOR_HEIGHT_M = 0.8, 1.3, 2.1


def epjson(house: House, begin: tuple[int, int, int], end: tuple[int, int, int]) -> dict:
    """The input for a run from the first day to the last, whole days (year, month, day)."""
    model = {
        "Version": {"version": {"version_identifier": "25.2"}},
        "Timestep": {"timestep": {"number_of_timesteps_per_hour": STEPS_AN_HOUR}},
        "SimulationControl": {"control": {
            "run_simulation_for_sizing_periods": "No", "run_simulation_for_weather_file_run_periods": "Yes",
        }},
        "Building": {house.name: {
            "terrain": "Suburbs", "solar_distribution": "FullExterior",
            "maximum_number_of_warmup_days": 60, "minimum_number_of_warmup_days": 10,
        }},
        "GlobalGeometryRules": {"rules": {
            "starting_vertex_position": "UpperLeftCorner", "vertex_entry_direction": "Counterclockwise", "coordinate_system": "Relative",
        }},
        "RunPeriod": {"run": {
            "begin_year": begin[0], "begin_month": begin[1], "begin_day_of_month": begin[2],
            "end_year": end[0], "end_month": end[1], "end_day_of_month": end[2],
            "use_weather_file_daylight_saving_period": "No", "use_weather_file_holidays_and_special_days": "No",
        }},
        "Site:GroundTemperature:BuildingSurface": {"ground": dict(zip(
            [f"{month}_ground_temperature" for month in (
                "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")],
            house.ground_c,
        ))},
        "HeatBalanceAlgorithm": {"balance": {"algorithm": "ConductionTransferFunction"}},
        "SurfaceConvectionAlgorithm:Inside": {"inside": {"algorithm": "TARP"}},
        "SurfaceConvectionAlgorithm:Outside": {"outside": {"algorithm": "TARP"}},
        "ScheduleTypeLimits": {"any": {}},
        "Schedule:Constant": {"always": {"schedule_type_limits_name": "any", "hourly_value": 1}},
        "ZoneCapacitanceMultiplier:ResearchSpecial": {"furnished": {
            "zone_or_zonelist_name": ZONE, "temperature_capacity_multiplier": house.air_capacity_factor,
        }},
        "Zone": {ZONE: {"ceiling_height": house.height_m, "volume": house.volume_m3}},
        "OutputControl:Files": {"files": {f"output_{kind}": "No" for kind in ("csv", "mtr", "eso", "eio", "tabular", "audit", "bnd", "rdd", "mdd", "mtd", "shd", "dxf")}},
    }
    model |= _constructions(house) | _surfaces(house) | _air(house) | _equipment(house)
    model["Schedule:Constant"] |= _cables_schedule(house)
    return model


def _constructions(house: House) -> dict:
    stacks = {"wall": house.wall, "roof": house.roof, "floor": house.floor}
    stacks |= {f"mass {i}": mass["layers"] for i, mass in enumerate(house.masses)}
    constructions = {}
    for name, layers in stacks.items():
        keys = ["outside_layer"] + [f"layer_{i}" for i in range(2, len(layers) + 1)]
        constructions[name] = dict(zip(keys, [layer.name for layer in layers]))
    found = {
        "Material": {layer.name: layer.epjson() for layers in stacks.values() for layer in layers},
        "WindowMaterial:SimpleGlazingSystem": {"glazing": {
            "u_factor": house.glazing_u_w_m2k, "solar_heat_gain_coefficient": house.glazing_shgc,
        }},
        "Construction": constructions | {"window": {"outside_layer": "glazing"}},
    }
    if house.heater["kind"] == "cables":
        after = house.heater["after_layer"]
        found["ConstructionProperty:InternalHeatSource"] = {"cables source": {
            "construction_name": "floor", "thermal_source_present_after_layer_number": after,
            "temperature_calculation_requested_after_layer_number": after, "dimensions_for_the_ctf_calculation": 1, "tube_spacing": 0.12,
        }}
    return found


def _corners(house: House) -> dict:
    """Lower edge of each wall, seen from outside: left corner and right corner."""
    length, width = house.length_m, house.width_m
    return {
        "S": ((0, 0), (length, 0)), "E": ((length, 0), (length, width)),
        "N": ((length, width), (0, width)), "W": ((0, width), (0, 0)),
    }


def _surfaces(house: House) -> dict:
    length, width, height = house.length_m, house.width_m, house.height_m
    surfaces = {}

    def add(name: str, kind: str, construction: str, condition: str, points: list) -> None:
        is_exposed = condition == "Outdoors"
        surfaces[name] = {
            "surface_type": kind, "construction_name": construction, "zone_name": ZONE, "outside_boundary_condition": condition,
            "sun_exposure": "SunExposed" if is_exposed and kind != "Floor" else "NoSun",
            "wind_exposure": "WindExposed" if is_exposed and kind != "Floor" else "NoWind",
            "vertices": [{f"vertex_{axis}_coordinate": value for axis, value in zip("xyz", point)} for point in points],
        }

    corners = _corners(house)
    condition = lambda name: "Adiabatic" if name in house.neighbours else "Outdoors"
    for side, ((x0, y0), (x1, y1)) in corners.items():
        points = [(x0, y0, height), (x0, y0, 0), (x1, y1, 0), (x1, y1, height)]
        add(f"wall {side}", "Wall", "wall", condition(side), points)
    add("roof", "Roof" if condition("roof") == "Outdoors" else "Ceiling", "roof", condition("roof"),
        [(0, width, height), (0, 0, height), (length, 0, height), (length, width, height)])
    below = {"ground": "Ground", "crawlspace": "Outdoors", "neighbours": "Adiabatic"}[house.floor_on]
    add("floor", "Floor", "floor", below, [(0, 0, 0), (0, width, 0), (length, width, 0), (length, 0, 0)])
    return {
        "BuildingSurface:Detailed": surfaces,
        "FenestrationSurface:Detailed": {
            f"window {i}": _window(window, corners[window["side"]]) for i, window in enumerate(house.windows)
        },
        "InternalMass": {
            f"mass {i}": {"construction_name": f"mass {i}", "zone_or_zonelist_name": ZONE, "surface_area": mass["area_m2"]}
            for i, mass in enumerate(house.masses)
        },
    }


def _window(window: dict, edge: tuple) -> dict:
    """A window in the middle of its wall (`at`: another place along it, 0 to 1); a glass door where no window is wide enough."""
    (x0, y0), (x1, y1) = edge
    wall_m = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    area_m2, at = window["area_m2"], window.get("at", 0.5)
    is_door = area_m2 / WINDOW_HEIGHT_M > 0.6 * wall_m
    height_m, sill_m = (DOOR_HEIGHT_M, 0.05) if is_door else (WINDOW_HEIGHT_M, SILL_M)
    half = area_m2 / height_m / wall_m / 2
    if not (0 < at - half and at + half < 1):
        raise ValueError(f"a window of {area_m2} m2 does not fit into a wall of {wall_m} m")
    place = lambda share, z: (x0 + share * (x1 - x0), y0 + share * (y1 - y0), z)
    points = [place(at - half, sill_m + height_m), place(at - half, sill_m), place(at + half, sill_m), place(at + half, sill_m + height_m)]
    vertices = {f"vertex_{i + 1}_{axis}_coordinate": value for i, point in enumerate(points) for axis, value in zip("xyz", point)}
    return {"surface_type": "Window", "construction_name": "window", "building_surface_name": f"wall {window['side']}", "number_of_vertices": 4} | vertices


def _air(house: House) -> dict:
    """Infiltration by EnergyPlus's BLAST coefficients: 1 at 3.35 m/s of wind and 2 K, more in cold and wind. Exhaust
    ventilation runs all the time."""
    return {
        "ZoneInfiltration:DesignFlowRate": {"leaks": {
            "zone_or_zonelist_or_space_or_spacelist_name": ZONE, "schedule_name": "always",
            "design_flow_rate_calculation_method": "AirChanges/Hour", "air_changes_per_hour": house.infiltration_ach,
            "constant_term_coefficient": 0.606, "temperature_term_coefficient": 0.03636, "velocity_term_coefficient": 0.1177, "velocity_squared_term_coefficient": 0,
        }},
        "ZoneVentilation:DesignFlowRate": {"ventilation": {
            "zone_or_zonelist_or_space_or_spacelist_name": ZONE, "schedule_name": "always",
            "design_flow_rate_calculation_method": "AirChanges/Hour", "air_changes_per_hour": house.ventilation_ach,
            "ventilation_type": "Exhaust", "fan_pressure_rise": 0, "constant_term_coefficient": 1, "temperature_term_coefficient": 0, "velocity_term_coefficient": 0,
            "minimum_indoor_temperature": -100, "maximum_indoor_temperature": 100, "delta_temperature": -100,
        }},
    }


def _gain(radiant: float) -> dict:
    return {
        "zone_or_zonelist_or_space_or_spacelist_name": ZONE, "schedule_name": "always", "design_level_calculation_method": "EquipmentLevel",
        "design_level": 0, "fraction_latent": 0, "fraction_radiant": radiant, "fraction_lost": 0,
    }


def _equipment(house: House) -> dict:
    people = {PEOPLE: _gain(0.4)}
    if house.heater["kind"] != "cables":
        return {"ElectricEquipment": people | {EMITTER: _gain(radiant_share(house.heater))}}
    return {
        "ElectricEquipment": people,
        "ZoneHVAC:EquipmentConnections": {"connections": {
            "zone_name": ZONE, "zone_conditioning_equipment_list_name": "equipment", "zone_air_node_name": "zone air",
        }},
        "ZoneHVAC:EquipmentList": {"equipment": {"load_distribution_scheme": "SequentialLoad", "equipment": [{
            "zone_equipment_object_type": "ZoneHVAC:LowTemperatureRadiant:Electric", "zone_equipment_name": CABLES,
            "zone_equipment_cooling_sequence": 1, "zone_equipment_heating_or_no_load_sequence": 1,
        }]}},
        "ZoneHVAC:LowTemperatureRadiant:Electric": {CABLES: {
            "availability_schedule_name": "always", "zone_name": ZONE, "surface_name_or_radiant_surface_group_name": "floor",
            "heating_design_capacity_method": "HeatingDesignCapacity", "heating_design_capacity": house.heater["power_w"],
            "temperature_control_type": "MeanAirTemperature", "setpoint_control_type": "HalfFlowPower",
            "heating_throttling_range": THROTTLING_K, "heating_setpoint_temperature_schedule_name": CABLES_SETPOINT,
        }},
    }


def _cables_schedule(house: House) -> dict:
    if house.heater["kind"] != "cables":
        return {}
    return {CABLES_SETPOINT: {"schedule_type_limits_name": "any", "hourly_value": -200}}
