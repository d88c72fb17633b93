"""A house of the bench: one JSON file, read, checked and varied."""
import dataclasses
import datetime
import json
import pathlib

from heater import HEATERS
from materials import Layer
from people import RHYTHMS

SIDES = ("S", "E", "N", "W")
FLOORS = ("ground", "crawlspace", "neighbours")
HOUSES = pathlib.Path(__file__).resolve().parent.parent / "houses"


class HouseError(ValueError):
    """What is wrong with a house file, in one line."""


@dataclasses.dataclass(frozen=True)
class Variation:
    """How a house differs from its file: factors on insulation thickness, leakage and people's heat."""

    insulation: float = 1.0
    leakage: float = 1.0
    people: float = 1.0


@dataclasses.dataclass(frozen=True)
class House:
    name: str
    description: str
    length_m: float  # east to west
    width_m: float
    height_m: float  # of all storeys
    wall: list
    roof: list
    floor: list
    floor_on: str
    glazing_u_w_m2k: float
    glazing_shgc: float
    windows: list  # {"side": "S", "area_m2": 6}
    infiltration_ach: float  # at rest of wind and temperature, see model.py
    ventilation_ach: float
    people: float  # factor on the heat of people and appliances
    heater: dict
    stove: dict | None = None  # {"power_w": 3500, "evenings": 0.5}, see people.py
    # Rooms without heating behind a wall: {"side": "N", "depth_m": 8, "partition": [...], "air_m3_h": 60, "infiltration_ach": 0.4}
    unheated: dict | None = None
    people_are: str = "awayByDay"
    absent: list = dataclasses.field(default_factory=list)  # first and last day of an absence, "2026-02-09"
    absent_min_c: float | None = None  # floor of comfort while away; the bench's, as is the thermometer
    thermometer: dict = dataclasses.field(default_factory=dict)
    # Heat capacity of the air with all that follows it at once (curtains, clothes, books), over that of the air alone.
    air_capacity_factor: float = 2.0
    masses: list = dataclasses.field(default_factory=list)  # {"layers": [...], "area_m2": 40}
    neighbours_c: float | None = None
    neighbours: list = dataclasses.field(default_factory=list)  # "N", "roof": heated; no heat flow unless neighbours_c is given
    ground_c: list = dataclasses.field(default_factory=lambda: [12.5, 12, 12, 13, 14.5, 16, 17.5, 18, 17.5, 16.5, 15, 13.5])

    @property
    def volume_m3(self) -> float:
        return self.length_m * self.width_m * self.height_m


def read_house(name: str, variation: Variation = Variation()) -> House:
    """Reads a house by its name in `houses/`, or by the path of its JSON file.

    Raises HouseError naming the file and the field."""
    path = pathlib.Path(name) if name.endswith(".json") else HOUSES / f"{name}.json"
    try:
        raw = json.loads(path.read_text())
    except OSError as error:
        known = ", ".join(sorted(file.stem for file in HOUSES.glob("*.json")))
        raise HouseError(f"no house {name}: {error.strerror}; known: {known}") from error
    except json.JSONDecodeError as error:
        raise HouseError(f"{path} is not JSON: {error}") from error
    try:
        return _checked(raw, path.stem, variation)
    except (TypeError, ValueError, KeyError) as error:
        raise HouseError(f"{path}: {error}") from error


def _checked(raw: dict, name: str, variation: Variation) -> House:
    layers = lambda texts: [Layer(text, variation.insulation) for text in texts]
    house = House(**{
        **raw,
        "name": name,
        "wall": layers(raw["wall"]),
        "roof": layers(raw["roof"]),
        "floor": layers(raw["floor"]),
        "masses": [{**mass, "layers": layers(mass["layers"])} for mass in raw.get("masses", [])],
        "unheated": raw.get("unheated") and {**raw["unheated"], "partition": layers(raw["unheated"]["partition"])},
        "infiltration_ach": raw["infiltration_ach"] * variation.leakage,
        "people": raw["people"] * variation.people,
    })
    if house.floor_on not in FLOORS:
        raise ValueError(f"floor_on must be one of {', '.join(FLOORS)}, got {house.floor_on!r}")
    if house.people_are not in RHYTHMS:
        raise ValueError(f"people_are must be one of {', '.join(RHYTHMS)}, got {house.people_are!r}")
    if len(house.absent) not in (0, 2):
        raise ValueError(f"absent must be a first and a last day, got {house.absent!r}")
    for day in house.absent:
        datetime.date.fromisoformat(day)
    if house.heater.get("kind") not in HEATERS:
        raise ValueError(f"heater.kind must be one of {', '.join(HEATERS)}, got {house.heater.get('kind')!r}")
    if not house.heater.get("power_w", 0) > 0:
        raise ValueError(f"heater.power_w must be > 0, got {house.heater.get('power_w')!r}")
    for window in house.windows:
        if window["side"] not in SIDES:
            raise ValueError(f"windows.side must be one of {', '.join(SIDES)}, got {window['side']!r}")
    if len(house.ground_c) != 12:
        raise ValueError("ground_c must have 12 monthly temperatures")
    return house
