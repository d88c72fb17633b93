"""A controller in Python as a process: one line of JSON in before each step, one line back.

First line in: {"dt_s", "horizon_steps", "max_power_w", "min_c", "max_c", "zone": {...}, "history": {...} or null}. The
history has a value a step: "air_c", "outdoor_c", "power_w", "sun_w" (sun through the windows of the building file).
First line back: {"parameters": {...}}. Then, before each step: {"air_c", "outdoor_c", "power_w" (measured, means of the step just
past), and from now on "outdoor_ahead_c", "sun_ahead_w", "price_eur_kwh"}. Back: {"valve": 0..1, "cpu_ms" (processor time
of the decision, children included; null where an earlier plan is followed), "memory_mb" (largest resident set so far, of the process and its largest child),
"is_planned" (false where the optimisation gave no plan)}. It ends with its input.
"""
import json
import os
import resource
import sys


def cpu_s() -> float:
    of = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in of)


def memory_mb() -> float:
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def serve(create) -> None:
    """Answers on what standard output was at the start; whatever a library prints goes to standard error."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # solvers written in C print as well

    def write_line(content: dict) -> None:
        out.write(json.dumps(content) + "\n")
        out.flush()

    controller = create(json.loads(sys.stdin.readline()))
    write_line({"parameters": controller.parameters})
    for line in sys.stdin:
        before_s = cpu_s()
        valve, is_planned = controller.decide(json.loads(line))
        cpu_ms = None if is_planned is None else 1000 * (cpu_s() - before_s)
        valve = min(1.0, max(0.0, float(valve)))
        write_line({"valve": valve, "cpu_ms": cpu_ms, "memory_mb": memory_mb(), "is_planned": is_planned is not False})
