/** Where measurements are kept. */
import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import {
  type InfluxConnection,
  openEmbeddedStore,
  openInfluxStore,
  StoreError,
  type StoreErrorCode,
} from "@azru/timeseries";
import { type Finding, ok, problem, reasonOf, warning } from "./finding.ts";

const influxAdvice: Partial<Record<StoreErrorCode, string>> = {
  unreachable: "start InfluxDB, or correct INFLUXDB_URL; unset it to store in a file",
  unauthorized: "set INFLUXDB_TOKEN (or INFLUXDB_TOKEN_FILE) to a token that may read and write the bucket",
  "not-found": "correct INFLUXDB_ORG and INFLUXDB_BUCKET, or create them",
  "not-a-store": "INFLUXDB_URL must name an InfluxDB 2",
};

/** Whether the InfluxDB that was asked for answers, and lets the token read the bucket. */
export async function checkInflux(
  connection: Omit<InfluxConnection, "token"> & { readonly token: string | undefined },
): Promise<Finding> {
  const { token, url, org, bucket } = connection;
  const { host } = new URL(url);
  if (token === undefined)
    return problem(
      "store",
      `InfluxDB ${host} needs a token, and none is set`,
      "set INFLUXDB_TOKEN or INFLUXDB_TOKEN_FILE",
    );
  try {
    const store = await openInfluxStore({ url, token, org, bucket, timeoutMs: 5_000 });
    await store.close();
    return ok("store", `InfluxDB ${host}, bucket ${bucket}`);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return problem(
      "store",
      reasonOf(error.message),
      influxAdvice[error.code] ?? "look at the log of InfluxDB",
    );
  }
}

/** Whether the embedded store can be written: its file where there is one, else its folder. */
export async function checkFileStore(dataFolder: string): Promise<Finding> {
  const file = join(dataFolder, "azru.db");
  try {
    if (await exists(file)) {
      await access(file, constants.R_OK | constants.W_OK);
      await access(dataFolder, constants.W_OK);
      await openEmbeddedStore({ filePath: file }).close();
      return ok("store", `file ${file}`);
    }
    const folder = await nearestFolder(dataFolder);
    await access(folder, constants.W_OK);
    if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is no folder`);
    return ok("store", `file ${file}, made at the first start`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "EACCES" ? "this user may not write there" : reasonOf(error);
    return problem(
      "store",
      `${file} cannot be written: ${reason}`,
      "change the owner of the folder, or name another in AZRU_DATA_DIR",
    );
  }
}

const least_bytes = 100 * 2 ** 20;
const scarce_bytes = 2 ** 30;

/** @param free_bytes that a user without privileges may still write */
export function judgeSpace(folder: string, free_bytes: number): Finding {
  const free =
    free_bytes < scarce_bytes
      ? `${Math.round(free_bytes / 2 ** 20)} MB`
      : `${(free_bytes / 2 ** 30).toFixed(1)} GB`;
  const advice =
    "make room: old images (docker system prune), other files; or move AZRU_DATA_DIR to a larger disk";
  if (free_bytes < least_bytes) return problem("disk", `only ${free} free at ${folder}`, advice);
  if (free_bytes < scarce_bytes) return warning("disk", `only ${free} free at ${folder}`, advice);
  return ok("disk", `${free} free at ${folder}`);
}

export async function checkSpace(dataFolder: string): Promise<Finding> {
  const folder = await nearestFolder(dataFolder);
  const { bavail, bsize } = await statfs(folder);
  return judgeSpace(folder, bavail * bsize);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** The folder itself, or the one above it that exists. */
async function nearestFolder(path: string): Promise<string> {
  const folder = resolve(path);
  return (await exists(folder)) || folder === dirname(folder) ? folder : nearestFolder(dirname(folder));
}
