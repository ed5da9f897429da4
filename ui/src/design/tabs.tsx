/** A row of tabs that are links: each has an address, and the arrows move between them. */

import { Index, Show } from "solid-js";
import { Link } from "../routing/link.tsx";
import styles from "./tabs.module.css";

export interface Tab {
  readonly name: string;
  readonly label: string;
  readonly address: string;
  readonly count?: string | undefined;
}

export function TabBar(props: { label: string; tabs: readonly Tab[]; current: string }) {
  let nav!: HTMLElement;
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const links = [...nav.querySelectorAll("a")];
    const here = links.indexOf(document.activeElement as HTMLAnchorElement);
    links[(here + step + links.length) % links.length]?.focus();
    event.preventDefault();
  };
  return (
    <nav ref={nav} class={styles.bar} aria-label={props.label} onKeyDown={move}>
      <Index each={props.tabs}>
        {(tab) => (
          <Link to={tab().address} class={styles.tab} aria-current={tab().name === props.current ? "page" : undefined}>
            {tab().label}
            <Show when={tab().count}>
              <span class={`${styles.count} num`}>{tab().count}</span>
            </Show>
          </Link>
        )}
      </Index>
    </nav>
  );
}
