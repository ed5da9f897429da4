/** Loads the OpenAI Agents SDK when a model is first called: it takes 0.4 s, which no other command should pay. */

type Sdk = typeof import("@openai/agents");

export type AgentsSdk = Sdk & { readonly OpenAI: typeof import("openai")["OpenAI"] };

let loading: Promise<AgentsSdk> | undefined;

export function loadAgentsSdk(): Promise<AgentsSdk> {
  loading ??= load();
  return loading;
}

/** Begins to load it while something else is waited for. What goes wrong is told to whoever needs it. */
export function preloadAgentsSdk(): void {
  loadAgentsSdk().catch(() => {});
}

async function load(): Promise<AgentsSdk> {
  const [sdk, { OpenAI }] = await Promise.all([import("@openai/agents"), import("openai")]);
  removeProcessListeners();
  return { ...sdk, OpenAI };
}

/**
 * The SDK's tracing listens on the whole process: it exits on SIGTERM with 0 and answers unhandled rejections, each when
 * it is the only listener. We trace nothing, and when this process ends is not for a library to say.
 */
function removeProcessListeners(): void {
  for (const event of ["SIGINT", "SIGTERM", "unhandledRejection"] as const) {
    for (const listener of process.listeners(event as "SIGINT")) {
      if (isOfSdk(listener)) process.removeListener(event, listener);
    }
  }
}

/** Told by its text: between the start and the end of an import, others may have begun to listen too. */
function isOfSdk(listener: (...args: never[]) => unknown): boolean {
  const text = listener.toString();
  return text.includes("hasOtherListenersFor") && text.includes("cleanup");
}
