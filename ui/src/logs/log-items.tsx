/** A turn of an agent: what it was asked, thought, said, ran and changed, one below the other. */

import { Show } from "solid-js";
import type { TurnItem } from "../../../src/core/protocol/logs.ts";
import { Skeleton } from "../design/skeleton.tsx";
import { LongList, type LongListHandle } from "../long-list/long-list.tsx";
import { Item } from "./items/item.tsx";
import styles from "./log-items.module.css";
import type { OpenLog } from "./log-source.ts";

/** Pixels of an item that was never seen: most are short. */
const USUAL = 96;

export function LogItems(props: {
  log: OpenLog;
  total: number;
  search: string;
  marked: number | null;
  isFollowing: boolean;
  setFollowing: (isFollowing: boolean) => void;
  link: (n: number) => void;
  ready: (handle: LongListHandle) => void;
}) {
  return (
    <LongList
      class={styles.list}
      label="What happened in the turn"
      count={props.total}
      estimate={() => USUAL}
      keyOf={(index) => index}
      seen={props.log.want}
      isFollowing={props.isFollowing}
      setFollowing={props.setFollowing}
      ready={props.ready}
      row={(n) => (
        <Show
          when={itemOf(props.log, n)}
          fallback={
            <div class={styles.absent}>
              <Skeleton width={48} />
            </div>
          }
        >
          {(item) => <Item item={item()} search={props.search} isMarked={props.marked === n} link={props.link} />}
        </Show>
      )}
    />
  );
}

function itemOf(log: OpenLog, n: number): TurnItem | undefined {
  const entry = log.get(n);
  return entry && "kind" in entry ? entry : undefined;
}
