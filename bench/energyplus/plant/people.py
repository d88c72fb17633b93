"""The heat of people and appliances in a home: a daily rhythm with weekends, and chance. No controller sees it."""
import datetime
import math
import random

_STANDBY_W = 85
# (from hour, to hour, W on working days, W on weekends)
_AWAY_BY_DAY = (
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
_AT_HOME = (
    (0, 7, 60, 60),  # asleep
    (7, 9, 240, 200),
    (9, 12, 230, 240),
    (12, 14, 350, 340),
    (14, 17.5, 230, 180),
    (17.5, 19, 240, 230),
    (19, 20.5, 400, 380),
    (20.5, 23, 270, 280),
    (23, 24, 110, 130),
)
_AWAY_BY_NIGHT = (
    (0, 6, 20, 60),
    (6, 8, 300, 120),  # back from work, a hot meal
    (8, 14.5, 60, 200),  # asleep
    (14.5, 17, 220, 180),
    (17, 19, 330, 220),
    (19, 20.5, 260, 380),
    (20.5, 24, 20, 250),
)
_EARLY_SHIFT = (
    (0, 4, 60, 60),  # asleep
    (4, 5, 260, 60),
    (5, 13.5, 20, 260),
    (13.5, 16, 220, 700),  # guests at weekends
    (16, 19, 240, 700),
    (19, 21, 400, 900),
    (21, 24, 90, 600),
)
_LATE_SHIFT = (
    (0, 8, 60, 60),
    (8, 12, 240, 260),
    (12, 13.5, 400, 700),
    (13.5, 21.5, 20, 700),
    (21.5, 24, 330, 600),
)
# Each table holds for a week, in turn.
RHYTHMS = {
    "awayByDay": (_AWAY_BY_DAY,),
    "atHome": (_AT_HOME,),
    "awayByNight": (_AWAY_BY_NIGHT,),
    "shifts": (_EARLY_SHIFT, _LATE_SHIFT, _AWAY_BY_NIGHT),
}
_PERSISTENCE = 0.75  # of the hourly deviation
_DEVIATION = 0.3


class People:
    """Heat by hour, with a deviation that lasts some hours; the same for the same seed."""

    def __init__(self, scale: float, seed: int, rhythm: str = "awayByDay", absent: tuple = ()):
        """`absent`: first and last day of an absence, `YYYY-MM-DD`."""
        self.scale = scale
        self.rhythm = RHYTHMS[rhythm]
        self.absent = tuple(datetime.date.fromisoformat(day) for day in absent)
        self.random = random.Random(seed)
        self.deviation = 0.0

    def next_hour(self) -> None:
        self.deviation = _PERSISTENCE * self.deviation + self.random.gauss(0, _DEVIATION * (1 - _PERSISTENCE**2) ** 0.5)

    def heat_w(self, day: datetime.date, hour: float, is_weekend: bool) -> float:
        if self.absent and self.absent[0] <= day <= self.absent[1]:
            return self.scale * _STANDBY_W
        week = self.rhythm[(day.toordinal() - 1) // 7 % len(self.rhythm)]
        rhythm = next(row for row in week if row[0] <= hour < row[1])
        presence_w = rhythm[3 if is_weekend else 2] * max(0.0, 1 + self.deviation)
        return self.scale * (_STANDBY_W + presence_w)


class Stove:
    """A wood stove that is lit on some evenings and dies away: kg of hot iron and stone between the fire and the room."""

    LIT_H, OUT_H = 18.5, 22.0  # the fire
    COOLS_H = 1.5

    def __init__(self, power_w: float, evenings: float, seed: int):
        """`evenings`: the share of them on which it is lit."""
        self.power_w, self.evenings = power_w, evenings
        self.random = random.Random(f"stove {seed}")
        self.is_lit_on: dict = {}

    def heat_w(self, day: datetime.date, hour: float) -> float:
        if hour < self.LIT_H:
            day, hour = day - datetime.timedelta(days=1), hour + 24
        if day not in self.is_lit_on:
            self.is_lit_on[day] = self.random.random() < self.evenings
        if not self.is_lit_on[day]:
            return 0.0
        burnt_h = min(hour, self.OUT_H) - self.LIT_H
        warm = 1 - math.exp(-burnt_h / self.COOLS_H)
        return self.power_w * warm * math.exp(-max(0.0, hour - self.OUT_H) / self.COOLS_H)
