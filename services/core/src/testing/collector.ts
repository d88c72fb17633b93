/** Collects what comes, and resolves when something comes. */
export function collector<T>() {
  const all: T[] = [];
  const waiting = new Set<() => void>();
  return {
    all,
    push(value: T): void {
      all.push(value);
      for (const check of waiting) check();
    },
    /** The first value that is as asked: from now on, or from an earlier one on. */
    next(isWanted: (value: T) => boolean, from = all.length): Promise<T> {
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
