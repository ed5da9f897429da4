/** A workflow with all that belongs to it: what its activities do, its children, its earlier versions. */

import type { AnyStateMachine, EventFrom, InputFrom, OutputFrom, StateMachine } from "xstate";
import type { Activity } from "../core/activity.ts";
import type { ActivityLogic } from "./declare-activity.ts";
import type { ActivityDefinition, Workflow } from "./workflow.ts";

export interface WorkflowDefinition<Machine extends AnyStateMachine = AnyStateMachine> extends Workflow {
  readonly machine: Machine;
  readonly activities: Readonly<Record<string, ActivityDefinition>>;
  readonly children: readonly WorkflowDefinition[];
  readonly earlier: readonly Workflow[];
}

export interface WorkflowParams<Machine extends AnyStateMachine> {
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  /** From 1. Raise it with every change after which a history would lead elsewhere, and keep the old one in `earlier`. */
  readonly version: number;
  /** Made by XState's `setup()`. It is pure: what touches the world is an activity. */
  readonly machine: Machine;
  /** What each activity that the machine declares does, and how often it is tried. */
  readonly activities?: ActivitiesOf<Machine>;
  /** Workflows that it invokes by their names. */
  readonly children?: readonly WorkflowDefinition[];
  /** Versions whose jobs are still to be gone on with. */
  readonly earlier?: readonly Workflow[];
}

/** An activity whose input and output are those that the machine declares. */
export interface TypedActivity<Input, Output> extends ActivityDefinition {
  readonly run: Activity<Input, Output>;
}

/** By the names that the machine declares with `activity()`. */
export type ActivitiesOf<Machine> =
  Machine extends StateMachine<
    infer _Context,
    infer _Event,
    infer _Children,
    infer Actor,
    infer _Action,
    infer _Guard,
    infer _Delay,
    infer _State,
    infer _Tag,
    infer _Input,
    infer _Output,
    infer _Emitted,
    infer _Meta,
    infer _Config
  >
    ? {
        readonly [One in Actor as One["src"]]?: One["logic"] extends ActivityLogic<infer Input, infer Output>
          ? TypedActivity<Input, Output>
          : ActivityDefinition;
      }
    : Readonly<Record<string, ActivityDefinition>>;

/** What a job of the workflow takes and gives. */
export type WorkflowInput<Definition extends WorkflowDefinition> = InputFrom<Definition["machine"]>;
export type WorkflowOutput<Definition extends WorkflowDefinition> = OutputFrom<Definition["machine"]>;

/** The events that a job of the workflow can be sent: those that its machine declares in `types.events`. */
export type WorkflowEvent<Definition extends WorkflowDefinition> = EventFrom<Definition["machine"]>;

/**
 * Names a machine, so that jobs of it can be begun, gone on with and replayed. Whether it can run durably is looked at
 * when an engine is opened with it.
 */
export function defineWorkflow<const Machine extends AnyStateMachine>(
  params: WorkflowParams<Machine>,
): WorkflowDefinition<Machine> {
  const { name, version, machine, activities = {}, children = [], earlier = [] } = params;
  const all = activities as Readonly<Record<string, ActivityDefinition>>;
  return { name, version, machine, activities: all, children, earlier };
}

/** What an engine is made with. One that is named twice, as a child of two, is there once. */
export function gather(definitions: readonly WorkflowDefinition[]): {
  readonly workflows: readonly Workflow[];
  readonly activities: Readonly<Record<string, ActivityDefinition>>;
} {
  const workflows = new Set<Workflow>();
  const activities: Record<string, ActivityDefinition> = {};
  const add = (definition: WorkflowDefinition) => {
    if (workflows.has(definition)) return;
    workflows.add(definition);
    for (const earlier of definition.earlier) workflows.add(earlier);
    Object.assign(activities, definition.activities);
    definition.children.forEach(add);
  };
  definitions.forEach(add);
  return { workflows: [...workflows], activities };
}
