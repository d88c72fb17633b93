/** docker-compose.yml as data. */
import { parse } from "yaml";
import { textOf } from "./repository.ts";

interface VolumeMount {
  readonly type: string;
  readonly target: string;
  readonly read_only?: boolean;
}

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string; readonly args: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly volumes?: readonly (string | VolumeMount)[];
  readonly tmpfs?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly user?: string;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly profiles?: readonly string[];
  readonly container_name?: string;
}

/** The file as it is, with its merges carried out. */
export const composeFile: unknown = parse(textOf("docker-compose.yml"), { merge: true });

export const services = (composeFile as { services: Readonly<Record<string, ComposeService>> }).services;
export const volumes = Object.keys((composeFile as { volumes: object }).volumes);

/** A named volume or a folder of the repository, and where a service sees it. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export function mountsOf(service: ComposeService): Mount[] {
  return (service.volumes ?? [])
    .filter((volume) => typeof volume === "string")
    .map((volume) => {
      const [source, target, mode] = volume.split(":");
      return { source, target, readOnly: mode === "ro" };
    });
}

/** The folders in memory that a service may write to. */
export function memoryFoldersOf(service: ComposeService): string[] {
  const long = (service.volumes ?? []).flatMap((volume) =>
    typeof volume !== "string" && volume.type === "tmpfs" && !volume.read_only ? [volume.target] : [],
  );
  return [...(service.tmpfs ?? []), ...long];
}

/** A value with `${NAME:-default}` replaced by the defaults, as where no `.env` exists. */
export function withDefaults(value: string): string {
  return value.replaceAll(/\$\{\w+:-([^}]*)\}/g, "$1");
}
