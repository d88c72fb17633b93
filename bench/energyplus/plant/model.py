"""A house as EnergyPlus input (epJSON)."""
from heater import HEATED_SURFACE, radiant_share
from house import House

STEPS_AN_HOUR = 12
ZONE = "zone"
UNHEATED = "unheated rooms"
NEIGHBOURS = "neighbours"
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
        "Zone": _zones(house),
        "OutputControl:Files": {"files": {f"output_{kind}": "No" for kind in ("csv", "mtr", "eso", "eio", "tabular", "audit", "bnd", "rdd", "mdd", "mtd", "shd", "dxf")}},
    }
    model |= _constructions(house) | _surfaces(house) | _air(house) | _equipment(house) | _neighbours(house)
    model["Schedule:Constant"] |= _cables_schedule(house)
    return model


def _zones(house: House) -> dict:
    zones = {ZONE: {"ceiling_height": house.height_m, "volume": house.volume_m3}}
    if house.unheated:
        volume_m3 = house.length_m * house.unheated["depth_m"] * house.height_m
        zones[UNHEATED] = {"ceiling_height": house.height_m, "volume": volume_m3}
    return zones


def _constructions(house: House) -> dict:
    stacks = {"wall": house.wall, "roof": house.roof, "floor": house.floor}
    if house.unheated:
        stacks["partition"] = house.unheated["partition"]
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
    if house.heater["kind"] in HEATED_SURFACE:
        after = house.heater["after_layer"]
        found["ConstructionProperty:InternalHeatSource"] = {"cables source": {
            "construction_name": HEATED_SURFACE[house.heater["kind"]], "thermal_source_present_after_layer_number": after,
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
    add = _Surfaces(house)
    add.room(ZONE, 0, house.width_m, house.unheated and house.unheated["side"])
    if house.unheated:
        add.unheated(house.unheated)
    corners = _corners(house)
    return {
        "BuildingSurface:Detailed": add.surfaces,
        "FenestrationSurface:Detailed": {
            f"window {i}": _window(window, corners[window["side"]]) for i, window in enumerate(house.windows)
        },
        "InternalMass": {
            f"mass {i}": {"construction_name": f"mass {i}", "zone_or_zonelist_name": ZONE, "surface_area": mass["area_m2"]}
            for i, mass in enumerate(house.masses)
        },
    }


class _Surfaces:
    """The surfaces of the heated room, and of unheated ones north of it."""

    def __init__(self, house: House):
        self.house = house
        self.surfaces: dict = {}

    def room(self, zone: str, y0: float, y1: float, open_side: str | None) -> None:
        """A box as long as the house from `y0` to `y1`; the wall of the open side is left to the other room's zone."""
        house = self.house
        prefix = "" if zone == ZONE else f"{zone} "
        length, height = house.length_m, house.height_m
        corners = {
            "S": ((0, y0), (length, y0)), "E": ((length, y0), (length, y1)),
            "N": ((length, y1), (0, y1)), "W": ((0, y1), (0, y0)),
        }
        for side, ((xa, ya), (xb, yb)) in corners.items():
            points = [(xa, ya, height), (xa, ya, 0), (xb, yb, 0), (xb, yb, height)]
            if side == open_side:
                other = UNHEATED if zone == ZONE else ZONE
                self._add(f"{prefix}wall {side}", "Wall", "partition", zone, "Zone", points, other)
            elif zone == ZONE or side != "S":
                self._add(f"{prefix}wall {side}", "Wall", "wall", zone, self._condition(side), points)
        roof = self._condition("roof")
        self._add(f"{prefix}roof", "Roof" if roof == "Outdoors" else "Ceiling", "roof", zone, roof,
                  [(0, y1, height), (0, y0, height), (length, y0, height), (length, y1, height)])
        self._add(f"{prefix}floor", "Floor", "floor", zone, self._below(), [(0, y0, 0), (0, y1, 0), (length, y1, 0), (length, y0, 0)])

    def unheated(self, rooms: dict) -> None:
        if rooms["side"] != "N":
            raise ValueError(f"unheated.side must be N, got {rooms['side']!r}")
        self.room(UNHEATED, self.house.width_m, self.house.width_m + rooms["depth_m"], None)

    def _condition(self, name: str) -> str:
        return self._behind_neighbours() if name in self.house.neighbours else "Outdoors"

    def _below(self) -> str:
        floor_on = self.house.floor_on
        return self._behind_neighbours() if floor_on == "neighbours" else {"ground": "Ground", "crawlspace": "Outdoors"}[floor_on]

    def _behind_neighbours(self) -> str:
        return "Adiabatic" if self.house.neighbours_c is None else "OtherSideCoefficients"

    def _add(self, name: str, kind: str, construction: str, zone: str, condition: str, points: list, beyond: str | None = None) -> None:
        is_exposed = condition == "Outdoors"
        beyond = NEIGHBOURS if condition == "OtherSideCoefficients" else beyond
        self.surfaces[name] = {
            "surface_type": kind, "construction_name": construction, "zone_name": zone, "outside_boundary_condition": condition,
            **({"outside_boundary_condition_object": beyond} if beyond else {}),
            "sun_exposure": "SunExposed" if is_exposed and kind != "Floor" else "NoSun",
            "wind_exposure": "WindExposed" if is_exposed and kind != "Floor" else "NoWind",
            "vertices": [{f"vertex_{axis}_coordinate": value for axis, value in zip("xyz", point)} for point in points],
        }


def _neighbours(house: House) -> dict:
    """Rooms of other people at a temperature of their own, behind a film of still air; and unheated rooms of the home."""
    found: dict = {}
    if house.neighbours_c is not None:
        found["SurfaceProperty:OtherSideCoefficients"] = {NEIGHBOURS: {
            "combined_convective_radiative_film_coefficient": 7.7, "constant_temperature": house.neighbours_c, "constant_temperature_coefficient": 1,
        }}
    if house.unheated:
        found["ZoneCrossMixing"] = {"door": {
            "zone_or_space_name": ZONE, "schedule_name": "always", "design_flow_rate_calculation_method": "Flow/Zone",
            "design_flow_rate": house.unheated["air_m3_h"] / 3600, "source_zone_or_space_name": UNHEATED, "delta_temperature": 0,
        }}
    return found


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
    leaks = {"leaks": _leaks(ZONE, house.infiltration_ach)}
    if house.unheated:
        leaks["unheated leaks"] = _leaks(UNHEATED, house.unheated["infiltration_ach"])
    return {
        "ZoneInfiltration:DesignFlowRate": leaks,
        "ZoneVentilation:DesignFlowRate": {"ventilation": {
            "zone_or_zonelist_or_space_or_spacelist_name": ZONE, "schedule_name": "always",
            "design_flow_rate_calculation_method": "AirChanges/Hour", "air_changes_per_hour": house.ventilation_ach,
            "ventilation_type": "Exhaust", "fan_pressure_rise": 0, "constant_term_coefficient": 1, "temperature_term_coefficient": 0, "velocity_term_coefficient": 0,
            "minimum_indoor_temperature": -100, "maximum_indoor_temperature": 100, "delta_temperature": -100,
        }},
    }


def _leaks(zone: str, air_changes_h: float) -> dict:
    return {
        "zone_or_zonelist_or_space_or_spacelist_name": zone, "schedule_name": "always",
        "design_flow_rate_calculation_method": "AirChanges/Hour", "air_changes_per_hour": air_changes_h,
        "constant_term_coefficient": 0.606, "temperature_term_coefficient": 0.03636, "velocity_term_coefficient": 0.1177, "velocity_squared_term_coefficient": 0,
    }


def _gain(radiant: float) -> dict:
    return {
        "zone_or_zonelist_or_space_or_spacelist_name": ZONE, "schedule_name": "always", "design_level_calculation_method": "EquipmentLevel",
        "design_level": 0, "fraction_latent": 0, "fraction_radiant": radiant, "fraction_lost": 0,
    }


def _equipment(house: House) -> dict:
    people = {PEOPLE: _gain(0.4)}
    if house.heater["kind"] not in HEATED_SURFACE:
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
            "availability_schedule_name": "always", "zone_name": ZONE, "surface_name_or_radiant_surface_group_name": HEATED_SURFACE[house.heater["kind"]],
            "heating_design_capacity_method": "HeatingDesignCapacity", "heating_design_capacity": house.heater["power_w"],
            "temperature_control_type": "MeanAirTemperature", "setpoint_control_type": "HalfFlowPower",
            "heating_throttling_range": THROTTLING_K, "heating_setpoint_temperature_schedule_name": CABLES_SETPOINT,
        }},
    }


def _cables_schedule(house: House) -> dict:
    if house.heater["kind"] not in HEATED_SURFACE:
        return {}
    return {CABLES_SETPOINT: {"schedule_type_limits_name": "any", "hourly_value": -200}}
