"""Building materials: design values of EN ISO 10456 and of common product sheets."""

ROUGHNESS = "MediumRough"

# name: conductivity W/(m K), density kg/m3, specific heat J/(kg K)
_CONDUCTIVE = {
    "render": (0.9, 1800, 1000),
    "concrete": (1.9, 2350, 1000),
    "hollow-block": (1.0, 1250, 1000),
    "rubble-stone": (1.7, 2200, 1000),
    "solid-brick": (0.7, 1750, 1000),
    "hollow-brick": (0.40, 1000, 1000),
    "cellular-concrete": (0.13, 450, 1000),
    "mineral-wool": (0.038, 25, 1030),
    "wood-fibre": (0.042, 140, 2000),
    "polystyrene": (0.036, 20, 1450),
    "polyurethane": (0.025, 32, 1400),
    "plasterboard": (0.25, 800, 1000),
    "gypsum-plaster": (0.45, 1100, 1000),
    "screed": (1.3, 2050, 1000),
    "tile": (1.2, 2200, 850),
    "parquet": (0.16, 650, 1600),
    "softwood": (0.13, 480, 1600),
    "particle-board": (0.13, 620, 1700),
}

_SOLAR_ABSORPTANCE = {"render": 0.5, "plasterboard": 0.4, "gypsum-plaster": 0.4, "rubble-stone": 0.65}
_THERMAL_ABSORPTANCE = 0.9
_OTHER_SOLAR_ABSORPTANCE = 0.6


class Layer:
    """A layer of a construction, written `MATERIAL THICKNESS_IN_MM`: `mineral-wool 140`."""

    def __init__(self, text: str, thickness_factor: float = 1.0):
        material, _, millimetres = text.partition(" ")
        if material not in _CONDUCTIVE:
            raise ValueError(f"unknown material {material!r}; known: {', '.join(sorted(_CONDUCTIVE))}")
        try:
            thickness_m = float(millimetres) / 1000
        except ValueError:
            raise ValueError(f"layer {text!r} must be MATERIAL THICKNESS_IN_MM") from None
        self.material = material
        self.conductivity_w_mk, self.density_kg_m3, self.specific_heat_j_kgk = _CONDUCTIVE[material]
        is_insulation = self.conductivity_w_mk < 0.1
        self.thickness_m = thickness_m * (thickness_factor if is_insulation else 1.0)
        if not 0 < self.thickness_m < 2:
            raise ValueError(f"layer {text!r} must be within 0 to 2000 mm thick")

    @property
    def name(self) -> str:
        return f"{self.material} {self.thickness_m * 1000:.1f}"

    @property
    def resistance_m2k_w(self) -> float:
        return self.thickness_m / self.conductivity_w_mk

    def epjson(self) -> dict:
        solar = _SOLAR_ABSORPTANCE.get(self.material, _OTHER_SOLAR_ABSORPTANCE)
        return {
            "roughness": ROUGHNESS,
            "thickness": self.thickness_m,
            "conductivity": self.conductivity_w_mk,
            "density": self.density_kg_m3,
            "specific_heat": self.specific_heat_j_kgk,
            "thermal_absorptance": _THERMAL_ABSORPTANCE,
            "solar_absorptance": solar,
            "visible_absorptance": solar,
        }
