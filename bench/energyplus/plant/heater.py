"""What turns electricity into heat in the rooms, and how late.

`convector` and `panel` hand their heat over at once; `oilRadiator` and `waterRadiator` are a heat store of their own
between the heating element and the room; `cables` heat a layer of the floor, `ceiling` one of the roof, and both are
simulated by EnergyPlus itself.
"""

# Share of the heat that leaves as radiation; EN 442 and makers' data: convectors 10 %, radiant panels 40 %,
# column radiators 35 %, panel radiators with convection fins 25 %.
_RADIANT = {"convector": 0.1, "panel": 0.4, "oilRadiator": 0.35, "waterRadiator": 0.25, "cables": 0.0, "ceiling": 0.0}
HEATERS = tuple(_RADIANT)
# The surface that a heating layer lies in.
HEATED_SURFACE = {"cables": "floor", "ceiling": "roof"}

# Nominal excess temperature of the surface over the room at full power, K, and heat stored, J/K per W of nominal
# power. An oil-filled radiator of 1.5 kW is 10 kg of steel and 5 l of oil, 13 kJ/K, at 65 K above the room. A circuit
# of panel radiators holds 12 l of water and 20 kg of steel a kW (60 kJ/K a kW), at 35 K above the room.
_STORE = {"oilRadiator": (65.0, 8.7), "waterRadiator": (35.0, 60.0)}
_EXPONENT = 1.3  # of EN 442's characteristic equation
_SUBSTEP_S = 10.0


def radiant_share(heater: dict) -> float:
    return heater.get("radiant", _RADIANT[heater["kind"]])


class Immediate:
    """Heat is handed over as it is made."""

    def step(self, electric_w: float, air_c: float, seconds: float) -> tuple[float, float]:
        """Returns the heat given to the room and the electric power drawn, W, means over the step."""
        return electric_w, electric_w


class Store:
    """A radiator with its filling, one temperature: C dT/dt = P - Q_n ((T - air) / dT_n)^1.3. The element's own
    thermostat opens at 1.25 times the nominal excess temperature."""

    def __init__(self, kind: str, power_w: float, air_c: float):
        self.excess_k, capacity = _STORE[kind]
        self.power_w = power_w
        self.capacity_j_k = capacity * power_w
        self.temperature_c = air_c

    def step(self, electric_w: float, air_c: float, seconds: float) -> tuple[float, float]:
        heat_j = drawn_j = 0.0
        for _ in range(round(seconds / _SUBSTEP_S)):
            excess_k = self.temperature_c - air_c
            given_w = self.power_w * max(0.0, excess_k / self.excess_k) ** _EXPONENT
            drawn_w = electric_w if excess_k < 1.25 * self.excess_k else 0.0
            self.temperature_c += (drawn_w - given_w) * _SUBSTEP_S / self.capacity_j_k
            heat_j += given_w * _SUBSTEP_S
            drawn_j += drawn_w * _SUBSTEP_S
        return heat_j / seconds, drawn_j / seconds


def create_emitter(heater: dict, air_c: float) -> "Immediate | Store":
    if heater["kind"] in _STORE:
        return Store(heater["kind"], heater["power_w"], air_c)
    return Immediate()
