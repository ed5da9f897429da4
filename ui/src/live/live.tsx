/** The page's connection for all who want to hear of it: its state, the server's clock, and who listens to which messages. */

import { type Accessor, createContext, createSignal, onCleanup, type ParentProps, useContext } from "solid-js";
import type { ServerMessage } from "../../../src/core/protocol/stream.ts";
import { Connection, type ConnectionStatus } from "./connection.ts";

export interface Live {
  readonly connection: Connection;
  readonly status: Accessor<ConnectionStatus>;
  /** The server's time, in milliseconds; moves each second while the page is seen. */
  readonly now: Accessor<number>;
  /** Until the owner that calls it is gone. */
  readonly listen: (listener: (message: ServerMessage) => void) => void;
}

const LiveContext = createContext<Live>();

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error("useLive outside of LiveProvider");
  return live;
}

export function LiveProvider(props: ParentProps) {
  const listeners = new Set<(message: ServerMessage) => void>();
  const [status, setStatus] = createSignal<ConnectionStatus>({ state: "connecting", lastAt: null, retryAt: null });
  const [now, setNow] = createSignal(Date.now());
  let ahead = 0;
  const connection = new Connection({
    message(message) {
      if (message.type === "hello" || message.type === "pong") ahead = message.now - Date.now();
      for (const listener of listeners) listener(message);
    },
    status: setStatus,
  });

  const tick = setInterval(() => document.hidden || setNow(Date.now() + ahead), 1000);
  const seen = () => {
    if (document.hidden) return;
    setNow(Date.now() + ahead);
    if (status().state === "lost") connection.retryNow();
  };
  document.addEventListener("visibilitychange", seen);
  onCleanup(() => {
    clearInterval(tick);
    document.removeEventListener("visibilitychange", seen);
    connection.close();
  });

  // Those below say what they watch before the first connection is made: one address says it all.
  queueMicrotask(() => connection.open());

  const live: Live = {
    connection,
    status,
    now,
    listen(listener) {
      listeners.add(listener);
      onCleanup(() => listeners.delete(listener));
    },
  };
  return <LiveContext.Provider value={live}>{props.children}</LiveContext.Provider>;
}
