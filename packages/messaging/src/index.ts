export { connect, connectService } from "./broker-messenger.ts";
export type { Rival } from "./claim.ts";
export { type CommandGate, createCommandGate, type Verdict } from "./command-gate.ts";
export type { Log } from "./log.ts";
export { InvalidMessageError } from "./message.ts";
export type { MessagingMetrics, Messenger, MessengerOptions } from "./messenger.ts";
export {
  createRequester,
  InvalidAnswerError,
  type Requester,
  RequestNotSentError,
  RequestTimeoutError,
  respond,
} from "./request.ts";
export type { Message } from "./subscriptions.ts";
