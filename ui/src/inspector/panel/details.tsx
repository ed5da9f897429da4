/** The selected state or transition; without a selection what has just happened and what goes on. */

import { createMemo, Match, Show, Switch } from "solid-js";
import { useInspector } from "../model/inspector.ts";
import { CurrentStep } from "./current-step.tsx";
import { EdgeDetails } from "./edge-details.tsx";
import { PlainSteps } from "./plain-steps.tsx";
import { StateDetails } from "./state-details.tsx";

export function Details() {
  const { machine, selection } = useInspector();
  const state = createMemo(() => {
    const selected = selection();
    return selected?.kind === "state" ? machine()?.index.state(selected.id) : undefined;
  });
  const edge = createMemo(() => {
    const selected = selection();
    return selected?.kind === "edge" ? machine()?.graph.edges.find(({ id }) => id === selected.id) : undefined;
  });
  return (
    <Show when={machine()} fallback={<PlainSteps />}>
      {(drawn) => (
        <Switch fallback={<CurrentStep machine={drawn()} />}>
          <Match when={state()}>{(shown) => <StateDetails machine={drawn()} state={shown()} />}</Match>
          <Match when={edge()}>{(shown) => <EdgeDetails machine={drawn()} edge={shown()} />}</Match>
        </Switch>
      )}
    </Show>
  );
}
