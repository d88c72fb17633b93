"""The heat of people and appliances in a home: a daily rhythm with weekends, and chance. No controller sees it."""
import random

_STANDBY_W = 85
# (from hour, to hour, W on working days, W on weekends)
_RHYTHM = (
    (0, 6.5, 60, 60),  # asleep
    (6.5, 8.5, 260, 120),
    (8.5, 12, 20, 220),
    (12, 14, 60, 330),
    (14, 17.5, 20, 160),
    (17.5, 19, 200, 220),
    (19, 20.5, 420, 380),  # cooking
    (20.5, 23, 260, 280),
    (23, 24, 110, 130),
)
_PERSISTENCE = 0.75  # of the hourly deviation
_DEVIATION = 0.3


class People:
    """Heat by hour, with a deviation that lasts some hours; the same for the same seed."""

    def __init__(self, scale: float, seed: int):
        self.scale = scale
        self.random = random.Random(seed)
        self.deviation = 0.0

    def next_hour(self) -> None:
        self.deviation = _PERSISTENCE * self.deviation + self.random.gauss(0, _DEVIATION * (1 - _PERSISTENCE**2) ** 0.5)

    def heat_w(self, hour: float, is_weekend: bool) -> float:
        rhythm = next(row for row in _RHYTHM if row[0] <= hour < row[1])
        presence_w = rhythm[3 if is_weekend else 2] * max(0.0, 1 + self.deviation)
        return self.scale * (_STANDBY_W + presence_w)
