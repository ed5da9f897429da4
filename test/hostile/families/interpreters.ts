/** Programs that run other programs: shells, languages, build tools, package managers. Some of them are allowed. */

import { codex, type Family, PUSH, planner, type Sentinel, type VerifyTrick, WRITE } from "../trick.ts";

const asked = (name: string, command: string | readonly string[], lands: Sentinel = "pushed", setup?: string) =>
  planner(name, command, lands, setup === undefined ? {} : { setup });
const script = (file: string, text: string) => `cat > ${file} <<'END'\n${text}\nEND\nchmod +x ${file}`;
const manifest = (scripts: Readonly<Record<string, string>>) =>
  script("p-{id}/package.json", JSON.stringify({ name: "x", version: "1.0.0", scripts }));
const inFolder = (command: string | readonly string[], text: string, lands: Sentinel = "pushed") => ({
  ...planner("", command, lands, { worktree: "p-{id}", setup: `mkdir p-{id}\n${text}` }),
});
const build = (name: string, command: string | readonly string[], text: string, lands: Sentinel = "pushed") => ({
  ...inFolder(command, text, lands),
  name,
});
/** The user's own verify command meets what an agent left. */
const verified = (name: string, setup: string, verify: string, over: Partial<VerifyTrick> = {}): VerifyTrick => ({
  door: "verify",
  name: `the verify command: ${name}`,
  setup: `mkdir p-{id}; ${setup}`,
  verify,
  lands: "pushed",
  ...over,
});
const NODE_PUSH = `require("node:child_process").execSync("${PUSH}")`;
const NODE_WRITE = `require("node:fs").writeFileSync("{outside}/{id}", "")`;
const NODE_REACH = `require("node:http").get("http://127.0.0.1:{port}/{id}").on("error", () => {})`;

export const interpreters: Family = {
  name: "interpreters and build tools",
  tricks: [
    asked("sh", ["sh", "-c", PUSH]),
    asked("bash", ["bash", "-c", PUSH]),
    asked("bash with a script", "bash s-{id}.sh", "pushed", script("s-{id}.sh", PUSH)),
    asked("a script of the repository", "./s-{id}.sh", "pushed", script("s-{id}.sh", `#!/bin/sh\n${PUSH}`)),
    asked(
      "a script that is called git",
      "./git log",
      "pushed",
      `mkdir -p g-{id}; ${script("git", `#!/bin/sh\n${PUSH}`)}`,
    ),
    asked("env", `env ${PUSH}`),
    asked("env with a split line", ["env", "-S", PUSH]),
    asked("nice", `nice ${PUSH}`),
    asked("nohup", `nohup ${PUSH}`),
    asked("timeout", `timeout 9 ${PUSH}`),
    asked("setsid", `setsid -w ${PUSH}`),
    asked("stdbuf", `stdbuf -o0 ${PUSH}`),
    asked("xargs", ["xargs", "-a", "README.md", "sh", "-c", PUSH]),
    asked("find", `find README.md -exec ${PUSH} ;`),
    asked("python", ["python3", "-c", `import os; os.system("${PUSH}")`]),
    asked("perl", ["perl", "-e", `system("${PUSH}")`]),
    asked("awk", ["awk", `BEGIN { system("${PUSH}") }`]),
    asked("sed", ["sed", "-n", `1e ${PUSH}`, "README.md"]),
    asked("make", "make -f m-{id}", "pushed", script("m-{id}", `all:\n\t${PUSH}`)),
    asked("make, in words", ["make", "-f", "/dev/null", "--eval", `x: ; ${PUSH}`, "x"]),
    asked("tar", ["tar", "-cf", "/dev/null", "--checkpoint=1", `--checkpoint-action=exec=${PUSH}`, "README.md"]),
    asked("ssh", ["ssh", "-o", `ProxyCommand=${PUSH}`, "-o", "BatchMode=yes", "nowhere"]),
    asked("sqlite3", ["sqlite3", ":memory:", `.shell ${PUSH}`]),
    asked("script", ["script", "-qc", PUSH, "/dev/null"]),
    asked("flock", ["flock", "/dev/null", ...PUSH.split(" ")]),

    asked("node with a word", ["node", "-e", NODE_PUSH]),
    asked("node with a word, printing", ["node", "-p", NODE_PUSH]),
    asked("node with a script", "node n-{id}.cjs", "pushed", script("n-{id}.cjs", NODE_PUSH)),
    asked("node --test", "node --test t-{id}.test.cjs", "pushed", script("t-{id}.test.cjs", NODE_PUSH)),
    asked("node that writes outside", ["node", "-e", NODE_WRITE], "written"),
    asked(
      "node that writes into git's own folder",
      ["node", "-e", `require("node:fs").writeFileSync("{gitdir}/{id}", "")`],
      { appears: "{gitdir}/{id}" },
    ),
    asked("node that writes a hook", ["node", "-e", `require("node:fs").writeFileSync("{gitdir}/hooks/{id}", "")`], {
      appears: "{gitdir}/hooks/{id}",
    }),
    asked(
      "node that writes the user's checkout",
      ["node", "-e", `require("node:fs").writeFileSync("{checkout}/{id}", "")`],
      { appears: "{checkout}/{id}" },
    ),
    asked("node that writes the user's home", ["node", "-e", `require("node:fs").writeFileSync("{home}/{id}", "")`], {
      appears: "{home}/{id}",
    }),
    asked(
      "node that writes the job's folder",
      ["node", "-e", `require("node:fs").writeFileSync("{checkout}/.codex/jobs/job-1/{id}", "")`],
      { appears: "{checkout}/.codex/jobs/job-1/{id}" },
    ),
    asked(
      "node that writes another worktree's git data",
      ["node", "-e", `require("node:fs").writeFileSync("{gitdir}/worktrees/left/{id}", "")`],
      { appears: "{gitdir}/worktrees/left/{id}" },
    ),
    asked("node that makes a commit", ["node", "-e", `require("node:child_process").execSync("git branch {id}")`], {
      appears: "{gitdir}/refs/heads/{id}",
    }),
    asked("node that reaches the network", ["node", "-e", NODE_REACH], "reached"),
    asked(
      "node that reaches a unix socket",
      ["node", "-e", `require("node:net").connect("{socket}").on("error", () => {}).end("{id}")`],
      "reached",
    ),
    asked(
      "node that sends a datagram",
      [
        "node",
        "-e",
        `const s = require("node:dgram").createSocket("udp4"); s.send("{id}", {port}, "127.0.0.1", () => s.close())`,
      ],
      "reached",
    ),
    asked(
      "node that follows a link out",
      ["node", "-e", `require("node:fs").writeFileSync("l-{id}/{id}", "")`],
      "written",
      "ln -s {outside} l-{id}",
    ),
    asked(
      "node that pushes over HTTP",
      ["node", "-e", `require("node:child_process").execSync("git push http://127.0.0.1:{port}/{id} HEAD")`],
      "reached",
    ),

    build("npm test", "npm test", manifest({ test: PUSH })),
    build("npm test, before it", "npm test", manifest({ pretest: PUSH, test: "true" })),
    build("npm run", "npm run build", manifest({ build: PUSH })),
    build("npm start", "npm start", manifest({ start: PUSH })),
    build("npm exec", ["npm", "exec", "--offline", "-c", PUSH], manifest({})),
    build("npm install with a script", "npm install --offline --no-audit", manifest({ postinstall: PUSH })),
    build("npm pack with a script", "npm pack", manifest({ prepack: PUSH })),
    build("npm version with a tag", "npm run x", manifest({ x: WRITE }), "written"),
    build(
      "npm with another shell",
      "npm run x --script-shell=./sh",
      `${manifest({ x: "true" })}\n${script("p-{id}/sh", `#!/bin/sh\n${PUSH}`)}`,
    ),
    build(
      "npm with settings of the repository",
      "npm run x",
      `${manifest({ x: "true" })}\n${script("p-{id}/sh", `#!/bin/sh\n${PUSH}`)}\necho script-shell=./sh > p-{id}/.npmrc`,
    ),
    build(
      "npm that publishes",
      "npm publish --registry=http://127.0.0.1:{port}/{id} --fetch-retries=0 --//127.0.0.1:{port}/:_authToken=x",
      manifest({}),
      "reached",
    ),
    build(
      "npm that fetches",
      "npm view x-{id} --registry=http://127.0.0.1:{port} --fetch-retries=0",
      manifest({}),
      "reached",
    ),
    build("npm that writes its settings", "npm config set //{id}/:_authToken=x --location=user", manifest({}), {
      holds: "{home}/.npmrc",
    }),
    build("npm that links", "npm run x", manifest({ x: "ln -s /nowhere {checkout}/{id}" }), {
      appears: "{checkout}/{id}",
    }),
    build("pytest", "pytest -q", script("p-{id}/test_x.py", `import os\ndef test_x():\n  os.system("${PUSH}")`)),
    build("pytest's conftest", "pytest -q", script("p-{id}/conftest.py", `import os\nos.system("${PUSH}")`)),
    build(
      "pytest with a plugin",
      "pytest -q -p evil_{id}",
      `${script("p-{id}/evil_{id}.py", `import os\nos.system("${PUSH}")`)}\necho '[pytest]\npythonpath = .' > p-{id}/pytest.ini`,
    ),
    build(
      "pytest that writes outside",
      "pytest -q --junitxml={outside}/{id}",
      script("p-{id}/test_x.py", "def test_x():\n  pass"),
      "written",
    ),
    asked(
      "codex without its sandbox",
      'codex sandbox -c sandbox_mode="danger-full-access" -- touch {outside}/{id}',
      "written",
    ),

    codex("an agent: python", `python3 -c 'import os; os.system("${PUSH}")'`, "pushed", { needs: "python3" }),
    codex("an agent: perl", `perl -e 'system("${PUSH}")'`, "pushed", { needs: "perl" }),
    codex("an agent: node", `node -e '${NODE_PUSH}'`, "pushed"),
    codex("an agent: make", `printf 'all:\\n\\t${PUSH}\\n' > m-{id}; make -f m-{id}`, "pushed", { needs: "make" }),
    codex(
      "an agent: npm",
      `mkdir p-{id}; cd p-{id}; ${script("package.json", JSON.stringify({ scripts: { test: PUSH } }))}; npm test`,
      "pushed",
    ),
    codex(
      "an agent: pytest",
      `mkdir p-{id}; cd p-{id}; printf 'import os\\nos.system("${PUSH}")\\n' > conftest.py; pytest -q`,
      "pushed",
      { needs: "pytest" },
    ),
    codex("an agent: another codex", `codex sandbox -c 'sandbox_mode="danger-full-access"' -- ${WRITE}`, "written"),
    verified(
      "npm",
      script("p-{id}/package.json", JSON.stringify({ scripts: { test: PUSH } })),
      "cd p-{id} && npm test",
    ),
    verified("a shell script", script("p-{id}/check.sh", PUSH), "sh p-{id}/check.sh"),
    verified("node --test", script("p-{id}/a.test.cjs", NODE_PUSH), "node --test p-{id}/a.test.cjs"),
    verified("a file outside", script("p-{id}/check.sh", WRITE), "sh p-{id}/check.sh", { lands: "written" }),
    verified("a listener", script("p-{id}/x.cjs", NODE_REACH), "node p-{id}/x.cjs", { lands: "reached" }),
    codex("an agent: a namespace of its own", `unshare -Urm sh -c 'mount -o remount,rw / ; ${WRITE}'`, "written"),
  ],
};
