/** What became of a topic's messages since the start. */
export interface TopicCounts {
  /** Arrived and valid. */
  received: number;
  /** Arrived, but not what the contract says; dropped. */
  rejected: number;
  /** Bad fields that were left out of valid messages. */
  fieldsLeftOut: number;
  /** A handler threw. */
  failed: number;
  /** Handed to the broker. */
  published: number;
  /** Kept while the broker was away, then replaced by a newer one of the same topic name. */
  superseded: number;
  /** Never sent: the broker was away or did not keep up. */
  dropped: number;
}

/** Counts of every topic, by kind. */
export class Counts {
  readonly #byKind = new Map<string, TopicCounts>();

  of(kind: string): TopicCounts {
    let counts = this.#byKind.get(kind);
    if (!counts) {
      counts = {
        received: 0,
        rejected: 0,
        fieldsLeftOut: 0,
        failed: 0,
        published: 0,
        superseded: 0,
        dropped: 0,
      };
      this.#byKind.set(kind, counts);
    }
    return counts;
  }

  snapshot(): Record<string, Readonly<TopicCounts>> {
    return Object.fromEntries([...this.#byKind].map(([kind, counts]) => [kind, { ...counts }]));
  }
}
