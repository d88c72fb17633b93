/** What a Zigbee stick keeps without power: what it was configured with, and the network that it formed. */
import { requireOfBridge } from "./environment.ts";
import type { ZnpFields, ZnpRequest } from "./znp.ts";

export interface StickMemory {
  /** Answers the commands that read and write it; undefined where a command is another. */
  answer(request: ZnpRequest): ZnpFields | undefined;
  /** Forms the network that the items describe. */
  formNetwork(): void;
  readonly network: { readonly panId: number; readonly extendedPanId: string; readonly channel: number };
}

const success = 0;
const created = 9;
const noItem = 0x0a;
const longestRead = 240;

export function createStickMemory(): StickMemory {
  const require = requireOfBridge();
  const zstack = "zigbee-herdsman/dist/adapter/z-stack";
  const Structs = require(`${zstack}/structs`);
  const { NvItemsIds: ids } = require(`${zstack}/constants/common`);
  const items = new Map<string, Buffer>();
  // Its length shows how the stick aligns memory: 24 bytes where words are aligned.
  items.set(`${ids.NWKKEY}`, Buffer.alloc(24));
  const nib = () => Structs.nib(items.get(`${ids.NIB}`));

  const keyOf = ({ id, sysid, itemid, subid }: ZnpFields) =>
    id === undefined ? `${sysid} ${itemid} ${subid}` : `${id}`;
  const read = (fields: ZnpFields, length: number) => {
    const item = items.get(keyOf(fields));
    if (!item) return { status: noItem, len: 0, value: Buffer.alloc(0) };
    const offset = Number(fields.offset);
    const value = item.subarray(offset, offset + length);
    return { status: success, len: value.length, value };
  };
  const write = (fields: ZnpFields) => {
    const item = items.get(keyOf(fields));
    if (!item) return { status: noItem };
    (fields.value as Buffer).copy(item, Number(fields.offset));
    return { status: success };
  };
  const commands: Readonly<Record<string, (fields: ZnpFields) => ZnpFields>> = {
    "SYS.osalNvLength": (fields) => ({ length: items.get(keyOf(fields))?.length ?? 0 }),
    "SYS.nvLength": (fields) => ({ len: items.get(keyOf(fields))?.length ?? 0 }),
    "SYS.osalNvReadExt": (fields) => read(fields, longestRead),
    "SYS.nvRead": (fields) => read(fields, Number(fields.len)),
    "SYS.osalNvWriteExt": write,
    "SYS.nvWrite": write,
    "SYS.osalNvItemInit": (fields) => {
      const item = Buffer.alloc(Number(fields.len));
      (fields.initvalue as Buffer).copy(item);
      items.set(keyOf(fields), item);
      return { status: created };
    },
    "SYS.nvCreate": (fields) => {
      items.set(keyOf(fields), Buffer.alloc(Number(fields.len)));
      return { status: success };
    },
    "SYS.osalNvDelete": (fields) => ({ status: items.delete(keyOf(fields)) ? success : noItem }),
  };
  return {
    answer: ({ name, fields }) => commands[name]?.(fields),
    formNetwork() {
      const info = Structs.nib();
      info.nwkPanId = items.get(`${ids.PANID}`)!.readUInt16LE();
      info.extendedPANID = Buffer.from(items.get(`${ids.EXTENDED_PAN_ID}`)!).reverse();
      info.channelList = items.get(`${ids.CHANLIST}`)!.readUInt32LE();
      info.nwkLogicalChannel = Math.log2(info.channelList & -info.channelList);
      items.set(`${ids.NIB}`, info.serialize("aligned"));
      const key = Structs.nwkKeyDescriptor();
      key.key = Buffer.from(items.get(`${ids.PRECFGKEY}`)!);
      items.set(`${ids.NWK_ACTIVE_KEY_INFO}`, key.serialize("aligned"));
      items.set(`${ids.NWK_ALTERN_KEY_INFO}`, key.serialize("aligned"));
    },
    get network() {
      if (!items.has(`${ids.NIB}`)) return { panId: 0xffff, extendedPanId: "0x0000000000000000", channel: 0 };
      const { nwkPanId, extendedPANID, nwkLogicalChannel } = nib();
      return {
        panId: nwkPanId,
        extendedPanId: `0x${extendedPANID.toString("hex")}`,
        channel: nwkLogicalChannel,
      };
    },
  };
}
