/** Question and answer over two topics, matched by the `id` in both payloads; works on MQTT 3.1.1 and 5. */
import type { Topic } from "@azru/contracts";
import type { Messenger, Subscription } from "./messenger.ts";

interface Identified {
  readonly id: string;
}

/** Nobody answered in time. */
export class RequestTimeoutError extends Error {
  override readonly name = "RequestTimeoutError";
}

/** The broker is away: the question was never asked. */
export class RequestNotSentError extends Error {
  override readonly name = "RequestNotSentError";
}

/** Somebody answers, twice, with what is no answer. */
export class InvalidAnswerError extends Error {
  override readonly name = "InvalidAnswerError";
}

export interface Requester<Question extends Identified, Answer extends Identified> {
  /** Questions that wait for their answer. */
  readonly pending: number;
  /** Answers nobody waited for (any more): late, or the second of two workers. */
  readonly unmatched: number;
  /**
   * Asks and waits for the answer with the same id. An answer that does not fit its topic but holds the question's
   * id has it asked once more, at once; the second one ends it.
   *
   * @param options.repeatEvery_ms asks again and again so often: an answerer may have died with the question
   * @throws RequestTimeoutError, RequestNotSentError, InvalidAnswerError, InvalidMessageError, or the signal's
   *   reason
   */
  request(
    question: Question,
    options: { timeout_ms: number; signal?: AbortSignal; repeatEvery_ms?: number },
  ): Promise<Answer>;
  /** Asks again, at once, everything that waits for its answer. */
  repeat(): void;
  /** Stops listening; what still waits fails. */
  close(): void;
}

/** Asks questions on one topic and listens for answers on another. */
export function createRequester<Question extends Identified, Answer extends Identified>(
  messenger: Messenger,
  questions: Topic<string, Question>,
  answers: Topic<string, Answer>,
): Requester<Question, Answer> {
  const waiting = new Map<
    string,
    {
      question: Question;
      resolve: (answer: Answer) => void;
      reject: (reason: unknown) => void;
      hadInvalidAnswer?: boolean;
    }
  >();
  let unmatched = 0;
  const subscription = messenger.subscribe(
    answers,
    ({ payload }) => {
      const asker = waiting.get(payload.id);
      if (!asker) {
        unmatched++;
        return;
      }
      // At once: a second answer may come before the asker goes on.
      waiting.delete(payload.id);
      asker.resolve(payload);
    },
    { onInvalid: invalidAnswer },
  );

  function invalidAnswer(bytes: Uint8Array, { message }: Error): void {
    const text = Buffer.from(bytes).toString("latin1");
    for (const [id, asker] of waiting) {
      if (!text.includes(JSON.stringify(id))) continue;
      if (asker.hadInvalidAnswer) asker.reject(new InvalidAnswerError(`request ${id}: ${message}`));
      else askAgain(asker.question);
      asker.hadInvalidAnswer = true;
    }
  }

  async function ask(question: Question): Promise<void> {
    const delivery = await messenger.publish(questions, {}, question);
    if (delivery !== "sent") throw new RequestNotSentError(`request ${question.id}: the broker is away`);
  }

  /** What cannot be sent now may be answered still, from when it was asked before. */
  function askAgain(question: Question): void {
    ask(question).catch(() => undefined);
  }

  return {
    get pending() {
      return waiting.size;
    },
    get unmatched() {
      return unmatched;
    },
    repeat() {
      for (const { question } of waiting.values()) askAgain(question);
    },
    async request(question, { timeout_ms, signal, repeatEvery_ms }) {
      const { id } = question;
      if (waiting.has(id)) throw new RangeError(`request ${id} is already waiting for its answer`);
      signal?.throwIfAborted();
      let timer: NodeJS.Timeout | undefined;
      let repeating: NodeJS.Timeout | undefined;
      let abort: (() => void) | undefined;
      try {
        return await new Promise<Answer>((resolve, reject) => {
          waiting.set(id, { question, resolve, reject });
          if (repeatEvery_ms !== undefined) {
            repeating = setInterval(() => askAgain(question), repeatEvery_ms);
          }
          timer = setTimeout(
            () => reject(new RequestTimeoutError(`request ${id}: no answer within ${timeout_ms} ms`)),
            timeout_ms,
          );
          abort = () => reject(signal?.reason);
          signal?.addEventListener("abort", abort, { once: true });
          ask(question).catch(reject);
        });
      } finally {
        waiting.delete(id);
        clearTimeout(timer);
        clearInterval(repeating);
        if (abort) signal?.removeEventListener("abort", abort);
      }
    },
    close() {
      subscription.close();
      for (const [id, { reject }] of waiting) reject(new RequestNotSentError(`request ${id}: closed`));
    },
  };
}

/**
 * Answers every question with what `answer` gives. Members of a group share the questions where the broker
 * can; elsewhere each answers all of them and the first answer counts. What `answer` throws is counted and
 * logged, and the asker gets no answer.
 */
export function respond<Question extends Identified, Answer extends Identified>(
  messenger: Messenger,
  questions: Topic<string, Question>,
  answers: Topic<string, Answer>,
  answer: (question: Question) => Answer | Promise<Answer>,
  options: { group?: string } = {},
): Subscription {
  return messenger.subscribe(
    questions,
    async ({ payload }) => messenger.publish(answers, {}, await answer(payload)),
    options,
  );
}
