/** Texas Instruments' serial protocol of Zigbee sticks (ZNP), from the stick's side, in herdsman's own encoding. */
import type { Socket } from "node:net";
import { requireOfBridge } from "./environment.ts";

/** Numbers, byte strings, lists and addresses by the names that herdsman gives them. */
export type ZnpFields = Readonly<Record<string, unknown>>;

export interface ZnpRequest {
  /** As in `SYS.version`. */
  readonly name: string;
  readonly fields: ZnpFields;
  /** The bytes as they came; the device management requests (ZDO) are passed on undecoded. */
  readonly bytes: Buffer;
}

export interface ZnpLine {
  /** Sends what nobody asked for. */
  indicate(name: string, fields: ZnpFields): void;
  /** Sends a message of device management, which herdsman decodes itself. */
  indicateBytes(name: string, bytes: Buffer): void;
  end(): void;
}

interface Parameter {
  readonly name: string;
  readonly parameterType: number;
}

interface Command {
  readonly ID: number;
  readonly name: string;
  readonly type: number;
  readonly request?: readonly Parameter[];
  readonly response?: readonly Parameter[];
}

const asynchronous = 2;
const answer = 3;
const longestData = 250;
const success = Buffer.from([0]);

/**
 * Serves one connection.
 *
 * @param answerTo gives the fields of the answer; undefined answers with success alone, as most commands do
 */
export function serveZnp(
  socket: Socket,
  answerTo: (request: ZnpRequest, line: ZnpLine) => ZnpFields | undefined,
): ZnpLine {
  const require = requireOfBridge();
  const zstack = "zigbee-herdsman/dist/adapter/z-stack";
  const { Frame, Parser, Constants } = require(`${zstack}/unpi`);
  const { ZpiObject } = require(`${zstack}/znp/zpiObject`);
  const definition = require(`${zstack}/znp/definition`).default as Record<number, readonly Command[]>;
  const Encoder = require(`${zstack}/znp/buffaloZnp`).default;

  const commandOf = (name: string) => {
    const [subsystem, command] = name.split(".");
    const number = Constants.Subsystem[subsystem] as number;
    return { number, found: definition[number].find((one) => one.name === command)! };
  };
  const encode = (parameters: readonly Parameter[], fields: ZnpFields): Buffer => {
    const encoder = new Encoder(Buffer.alloc(longestData));
    for (const { name, parameterType } of parameters) encoder.write(parameterType, fields[name], {});
    return encoder.getWritten();
  };
  const send = (type: number, subsystem: number, id: number, bytes: Buffer) => {
    if (!socket.destroyed) socket.write(new Frame(type, subsystem, id, bytes).toBuffer());
  };
  const line: ZnpLine = {
    indicate(name, fields) {
      const { number, found } = commandOf(name);
      send(asynchronous, number, found.ID, encode(found.request!, fields));
    },
    indicateBytes(name, bytes) {
      const { number, found } = commandOf(name);
      send(asynchronous, number, found.ID, bytes);
    },
    end: () => socket.destroy(),
  };
  const parser = new Parser();
  parser.on("parsed", (frame: { subsystem: number; commandID: number; type: number; data: Buffer }) => {
    const { subsystem, commandID, type, data } = frame;
    const command = definition[subsystem].find((one) => one.ID === commandID)!;
    const fields = command.request ? (ZpiObject.fromUnpiFrame(frame).payload as ZnpFields) : {};
    const name = `${Constants.Subsystem[subsystem]}.${command.name}`;
    const fieldsOfAnswer = answerTo({ name, fields, bytes: data }, line);
    if (type === asynchronous) return;
    send(answer, subsystem, commandID, fieldsOfAnswer ? encode(command.response!, fieldsOfAnswer) : success);
  });
  socket.pipe(parser);
  return line;
}
