export { connect, connectService } from "./broker-messenger.ts";
export type { Rival } from "./claim.ts";
export {
  type CommandGate,
  type CommandGateOptions,
  createCommandGate,
  type Verdict,
} from "./command-gate.ts";
export type { TopicCounts } from "./counts.ts";
export type { Log } from "./log.ts";
export { InvalidMessageError } from "./message.ts";
export {
  type Delivery,
  type MessagingMetrics,
  type Messenger,
  type MessengerOptions,
  type SubscribeOptions,
  type Subscription,
  SubscriptionRefusedError,
} from "./messenger.ts";
export {
  createRequester,
  InvalidAnswerError,
  type Requester,
  RequestNotSentError,
  RequestTimeoutError,
  respond,
} from "./request.ts";
export type { Message, MessageHandler } from "./subscriptions.ts";
