/** Collects what comes, and tells when something comes. */
export function collector<T>() {
  const all: T[] = [];
  const waiting = new Set<() => void>();
  return {
    all,
    push(value: T): void {
      all.push(value);
      for (const check of waiting) check();
    },
    /** The first value from now on that is as asked. */
    next(isWanted: (value: T) => boolean): Promise<T> {
      const from = all.length;
      return new Promise((resolve) => {
        const check = () => {
          const found = all.slice(from).find(isWanted);
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      });
    },
  };
}
