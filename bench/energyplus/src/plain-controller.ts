/** A controller of packages/control in a home of the bench. */
import type { Controller } from "@azru/control";
import type { HomeController } from "./home-controller.ts";

/** Gives a controller the measured air temperature, in place of the walls' too; its estimator, if any, knows better. */
export function plainController(controller: Controller): HomeController {
  return {
    name: controller.name,
    horizonSteps: controller.horizonSteps,
    decide: ({ theta_air_c, theta_e_c }, forecast) =>
      controller.decide({ theta_air_c, x_c: [theta_air_c], theta_e_c }, forecast).valve,
  };
}
