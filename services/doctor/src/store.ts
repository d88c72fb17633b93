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
import { type Finding, inEnglish, ok, problem, reasonOf, type Say, warning } from "./finding.ts";

const influxAdvice: Partial<Record<StoreErrorCode, readonly [english: string, french: string]>> = {
  unreachable: [
    "start InfluxDB, or correct INFLUXDB_URL; unset it to store in a file",
    "démarrer InfluxDB, ou corriger INFLUXDB_URL ; sans elle, Azru écrit dans un fichier",
  ],
  unauthorized: [
    "set INFLUXDB_TOKEN (or INFLUXDB_TOKEN_FILE) to a token that may read and write the bucket",
    "donner à INFLUXDB_TOKEN (ou INFLUXDB_TOKEN_FILE) un jeton qui peut lire et écrire le bucket",
  ],
  "not-found": [
    "correct INFLUXDB_ORG and INFLUXDB_BUCKET, or create them",
    "corriger INFLUXDB_ORG et INFLUXDB_BUCKET, ou les créer",
  ],
  "not-a-store": ["INFLUXDB_URL must name an InfluxDB 2", "INFLUXDB_URL doit désigner un InfluxDB 2"],
};
const otherAdvice = ["look at the log of InfluxDB", "lire le journal d'InfluxDB"] as const;

/** Whether the InfluxDB that was asked for answers, and lets the token read the bucket. */
export async function checkInflux(
  connection: Omit<InfluxConnection, "token"> & { readonly token: string | undefined },
  say: Say = inEnglish,
): Promise<Finding> {
  const { token, url, org, bucket } = connection;
  const { host } = new URL(url);
  if (token === undefined)
    return problem(
      "store",
      say(
        `InfluxDB ${host} needs a token, and none is set`,
        `InfluxDB ${host} demande un jeton, et aucun n'est défini`,
      ),
      say("set INFLUXDB_TOKEN or INFLUXDB_TOKEN_FILE", "définir INFLUXDB_TOKEN ou INFLUXDB_TOKEN_FILE"),
    );
  try {
    const store = await openInfluxStore({ url, token, org, bucket, timeoutMs: 5_000 });
    await store.close();
    return ok("store", `InfluxDB ${host}, bucket ${bucket}`);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return problem("store", reasonOf(error.message), say(...(influxAdvice[error.code] ?? otherAdvice)));
  }
}

/** Whether the embedded store can be written: its file where there is one, else its folder. */
export async function checkFileStore(dataFolder: string, say: Say = inEnglish): Promise<Finding> {
  const file = join(dataFolder, "azru.db");
  try {
    if (await exists(file)) {
      await access(file, constants.R_OK | constants.W_OK);
      await access(dataFolder, constants.W_OK);
      await openEmbeddedStore({ filePath: file }).close();
      return ok("store", say(`file ${file}`, `fichier ${file}`));
    }
    const folder = await nearestFolder(dataFolder);
    await access(folder, constants.W_OK);
    if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is no folder`);
    return ok(
      "store",
      say(`file ${file}, made at the first start`, `fichier ${file}, créé au premier démarrage`),
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "EACCES"
        ? say("this user may not write there", "cet utilisateur n'y a pas le droit d'écrire")
        : reasonOf(error);
    return problem(
      "store",
      say(`${file} cannot be written: ${reason}`, `${file} ne peut pas être écrit : ${reason}`),
      say(
        "change the owner of the folder, or name another in AZRU_DATA_DIR",
        "changer le propriétaire du dossier, ou en indiquer un autre dans AZRU_DATA_DIR",
      ),
    );
  }
}

const least_bytes = 100 * 2 ** 20;
const scarce_bytes = 2 ** 30;

/** @param free_bytes that a user without privileges may still write */
export function judgeSpace(folder: string, free_bytes: number, say: Say = inEnglish): Finding {
  const mb = Math.round(free_bytes / 2 ** 20);
  const gb = (free_bytes / 2 ** 30).toFixed(1);
  const isScarce = free_bytes < scarce_bytes;
  const free = say(isScarce ? `${mb} MB` : `${gb} GB`, isScarce ? `${mb} Mo` : `${gb.replace(".", ",")} Go`);
  const advice = say(
    "make room: old images (docker system prune), other files; or move AZRU_DATA_DIR to a larger disk",
    "faire de la place : anciennes images (docker system prune), autres fichiers ; ou déplacer AZRU_DATA_DIR",
  );
  const left = say(`only ${free} free at ${folder}`, `seulement ${free} libres dans ${folder}`);
  if (free_bytes < least_bytes) return problem("disk", left, advice);
  if (isScarce) return warning("disk", left, advice);
  return ok("disk", say(`${free} free at ${folder}`, `${free} libres dans ${folder}`));
}

/** Looks at the free space of the disk that the data folder is on, or will be on. */
export async function checkSpace(dataFolder: string, say: Say = inEnglish): Promise<Finding> {
  const folder = await nearestFolder(dataFolder);
  const { bavail, bsize } = await statfs(folder);
  return judgeSpace(folder, bavail * bsize, say);
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
