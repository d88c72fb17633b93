/**
 * What Home Assistant takes in a discovery payload: the keys that its documentation names for each platform, those
 * alone, and the values that it lists.
 *
 * Source: https://www.home-assistant.io/integrations/ climate.mqtt, sensor.mqtt, binary_sensor.mqtt, number.mqtt,
 * button.mqtt and mqtt/#device-discovery-payload
 */
import { z } from "zod";

const topic = z.string().regex(/^[^+#\0]+$/);
const template = z.string().regex(/\{\{.+\}\}/);
const common = {
  unique_id: z.string().regex(/^[\w-]+$/),
  object_id: z.string().regex(/^[a-z0-9_]+$/i),
  default_entity_id: z.string().regex(/^[a-z_]+\.[a-z0-9_]+$/),
  entity_category: z.enum(["config", "diagnostic"]).optional(),
  name: z.string().min(1),
  icon: z
    .string()
    .regex(/^mdi:[a-z-]+$/)
    .optional(),
  json_attributes_topic: topic.optional(),
  json_attributes_template: template.optional(),
};

const climate = z.strictObject({
  platform: z.literal("climate"),
  ...common,
  temperature_unit: z.enum(["C", "F"]).optional(),
  precision: z.literal([0.1, 0.5, 1]).optional(),
  modes: z.array(z.enum(["auto", "off", "cool", "heat", "dry", "fan_only"])),
  mode_command_topic: topic,
  mode_command_template: template.optional(),
  mode_state_topic: topic,
  mode_state_template: template.optional(),
  power_command_topic: topic.optional(),
  payload_on: z.string().optional(),
  payload_off: z.string().optional(),
  action_topic: topic,
  action_template: template.optional(),
  current_temperature_topic: topic,
  current_temperature_template: template,
  temperature_state_topic: topic,
  temperature_state_template: template,
  temperature_command_topic: topic.optional(),
  temperature_command_template: template.optional(),
  preset_modes: z.array(z.string().regex(/^(?!none$)/)).optional(),
  preset_mode_command_topic: topic.optional(),
  preset_mode_command_template: template.optional(),
  preset_mode_state_topic: topic.optional(),
  preset_mode_value_template: template.optional(),
  min_temp: z.number(),
  max_temp: z.number(),
  temp_step: z.number().optional(),
});

const sensor = z
  .strictObject({
    platform: z.literal("sensor"),
    ...common,
    state_topic: topic,
    value_template: template,
    device_class: z.enum(["temperature", "power", "energy", "monetary", "enum", "timestamp"]).optional(),
    state_class: z.enum(["measurement", "total", "total_increasing"]).optional(),
    unit_of_measurement: z.string().optional(),
    suggested_display_precision: z.int().min(0).optional(),
    options: z.array(z.string()).optional(),
  })
  .refine((s) => s.device_class !== "temperature" || s.unit_of_measurement === "°C")
  .refine((s) => s.device_class !== "power" || s.unit_of_measurement === "W")
  .refine((s) => s.device_class !== "monetary" || s.state_class === undefined || s.state_class === "total")
  .refine((s) => (s.device_class === "enum") === (s.options !== undefined))
  .refine((s) => s.device_class !== "enum" || (s.state_class ?? s.unit_of_measurement) === undefined);

const binarySensor = z.strictObject({
  platform: z.literal("binary_sensor"),
  ...common,
  state_topic: topic,
  value_template: template,
  device_class: z.enum(["problem", "connectivity", "heat", "window"]).optional(),
});

const number = z
  .strictObject({
    platform: z.literal("number"),
    ...common,
    state_topic: topic,
    value_template: template,
    command_topic: topic,
    command_template: template.optional(),
    min: z.number(),
    max: z.number(),
    step: z.number().min(0.001),
    mode: z.enum(["auto", "slider", "box"]),
    unit_of_measurement: z.string(),
    device_class: z.literal("temperature").optional(),
  })
  .refine((n) => n.max > n.min);

const button = z.strictObject({
  platform: z.literal("button"),
  ...common,
  command_topic: topic,
  payload_press: z.string(),
});

export const documentedDiscoverySchema = z.strictObject({
  device: z.strictObject({
    identifiers: z.array(z.string()).min(1),
    name: z.string(),
    manufacturer: z.string(),
    model: z.string(),
    sw_version: z.string(),
  }),
  origin: z.strictObject({ name: z.string(), sw_version: z.string() }),
  availability: z.array(z.strictObject({ topic })).min(1),
  qos: z.literal([0, 1, 2]),
  components: z.record(
    z.string().regex(/^[\w-]+$/),
    z.discriminatedUnion("platform", [climate, sensor, binarySensor, number, button]),
  ),
});
