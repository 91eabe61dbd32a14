/** Virtual time: what is to happen, in order. Ties happen in the order in which they were planned. */
export interface Timeline {
  now(): number;
  /** Returns a function that takes it back. */
  at(time: number, happen: () => void): () => void;
  /** Lets the next thing happen; false when nothing is planned before `end`. */
  advance(end: number): boolean;
}

interface Planned {
  readonly time: number;
  readonly order: number;
  happen: (() => void) | null;
}

export function createTimeline(): Timeline {
  const heap: Planned[] = [];
  let now = 0;
  let order = 0;

  const swap = (a: number, b: number) => {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  };
  const isBefore = (a: number, b: number) => {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return false;
    return first.time < second.time || (first.time === second.time && first.order < second.order);
  };

  const push = (planned: Planned) => {
    heap.push(planned);
    for (let index = heap.length - 1; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!isBefore(index, parent)) return;
      swap(index, parent);
      index = parent;
    }
  };

  const pop = () => {
    swap(0, heap.length - 1);
    heap.pop();
    for (let index = 0; ; ) {
      const left = 2 * index + 1;
      const least = isBefore(left + 1, left) ? left + 1 : left;
      if (!isBefore(least, index)) return;
      swap(index, least);
      index = least;
    }
  };

  return {
    now: () => now,
    at(time, happen) {
      const planned: Planned = { time: Math.max(now, time), order: order++, happen };
      push(planned);
      return () => {
        planned.happen = null;
      };
    },
    advance(end) {
      for (;;) {
        const next = heap[0];
        if (next === undefined || next.time > end) return false;
        pop();
        if (next.happen === null) continue;
        now = next.time;
        next.happen();
        return true;
      }
    },
  };
}
