/** What git may know of the world when the orchestrator runs it: built from nothing, one kind for each purpose. */

type Environment = Record<string, string>;

/**
 * For all work on trees, refs and worktrees: no configuration of the user or the system, no attributes of the system,
 * no prompt, no home folder. `GIT_*` variables of ours never reach it.
 */
export function bareEnvironment(from: NodeJS.ProcessEnv = process.env): Environment {
  return {
    ...pick(from, ["PATH", "TMPDIR"]),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_GRAFT_FILE: "/dev/null",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** For reading how the user has set up git (identity, remotes, line endings), before any agent runs. */
export function readingEnvironment(from: NodeJS.ProcessEnv = process.env): Environment {
  return {
    ...pick(from, [...CONFIGURATION, "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "EMAIL"]),
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** For a push: what ssh, a credential helper or a proxy needs of the user's session. */
export function pushEnvironment(from: NodeJS.ProcessEnv = process.env): Environment {
  return {
    ...pick(from, [...CONFIGURATION, ...SESSION, ...TRANSPORT]),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** Where git finds itself and the user's own configuration. */
const CONFIGURATION = [
  "PATH",
  "TMPDIR",
  "HOME",
  "XDG_CONFIG_HOME",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_SYSTEM",
  "GIT_CONFIG_NOSYSTEM",
];
/** What credential helpers and agents of the desktop are reached by. */
const SESSION = [
  "USER",
  "LOGNAME",
  "SSH_AUTH_SOCK",
  "SSH_AGENT_PID",
  "GPG_AGENT_INFO",
  "GNUPGHOME",
  "DBUS_SESSION_BUS_ADDRESS",
  "XDG_RUNTIME_DIR",
  "XDG_CACHE_HOME",
  "XDG_DATA_HOME",
  "DISPLAY",
  "WAYLAND_DISPLAY",
];
const TRANSPORT = [
  "GIT_SSH",
  "GIT_SSH_COMMAND",
  "GIT_SSH_VARIANT",
  "GIT_ASKPASS",
  "SSH_ASKPASS",
  "SSH_ASKPASS_REQUIRE",
  "GIT_SSL_CAINFO",
  "GIT_SSL_CAPATH",
  "GIT_SSL_CERT",
  "GIT_SSL_KEY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "http_proxy",
  "https_proxy",
  "all_proxy",
  "no_proxy",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
];

function pick(from: NodeJS.ProcessEnv, names: readonly string[]): Environment {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}
