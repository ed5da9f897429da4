import { expect, test } from "vitest";
import { secretValues } from "./known-secrets.ts";
import { letters } from "./secrets.testkit.ts";

test("values whose names say that they are secret are, and keys whatever their name", () => {
  const random = `1${letters(39)}`;
  const secret = {
    GITHUB_TOKEN: "tok-4711",
    OPENAI_API_KEY: "sk-test-secret-4711",
    DB_PASSWORD: "correct horse!",
    MYSQL_PWD: "n0t-so-short",
    clientSecret: "abc123def",
    OTHER: random,
  };
  expect(secretValues(secret).sort()).toEqual(Object.values(secret).sort());
});

test("passwords in URLs are, as they are and as they are meant; so is a token in a name's place", () => {
  const token = `1${letters(30)}`;
  expect(
    secretValues({ http_proxy: "http://me:p%40ss-w0rd@proxy:3128", REMOTE: `https://${token}@host/x.git` }),
  ).toEqual(["p%40ss-w0rd", "p@ss-w0rd", token]);
});

test("everyday words, paths, ids and places are not, whatever their name", () => {
  const plain = {
    POSTGRES_PASSWORD: "postgres",
    API_KEY: "changeme",
    TOKEN: "true",
    SSH_KEY: "/home/me/.ssh/id_ed25519",
    PWD: "/home/me/projects/the-project-2030",
    KEYBOARD_LAYOUT: "de-nodeadkeys-2",
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
    DATABASE_URL: "postgres://postgres:postgres@localhost/app",
    APP_NAME: "my-application-2030-test-environment",
    npm_config_user_agent: "npm/11.4.2 node/v24.3.0 linux x64",
  };
  expect(secretValues(plain)).toEqual([]);
});
