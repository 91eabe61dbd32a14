/** An event stream of the console, kept open in the browser. */

/** No message for this long: the stream is opened anew (a dead network tells nobody). */
const SILENCE_MS = 40_000;
/** How long the first message of an opened stream may take before the console counts as not reachable. */
const FIRST_MESSAGE_MS = 8_000;
const RETRY_MS = 2_000;

interface StreamEvents<Value> {
  readonly onValue: (value: Value) => void;
  readonly onLost: () => void;
}

/** Keeps an event stream open, whatever happens to it. Returns how to stop. */
export function openStream<Value>(url: string, events: StreamEvents<Value>): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (delay: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, delay);
  };
  const open = () => {
    source?.close();
    source = new EventSource(url);
    wait(FIRST_MESSAGE_MS, lost);
    source.onmessage = (message: MessageEvent<string>) => {
      wait(SILENCE_MS, open);
      events.onValue(JSON.parse(message.data));
    };
    source.onerror = lost;
  };
  const lost = () => {
    source?.close();
    events.onLost();
    wait(RETRY_MS, open);
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
