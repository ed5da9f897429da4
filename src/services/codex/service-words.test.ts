import { expect, test } from "vitest";
import { serviceWords } from "./service-words.ts";

test.each([
  [
    '{"error":{"message":"The model is not there","type":"invalid_request_error","code":"model_not_found","param":null}}',
    "The model is not there (model_not_found)",
  ],
  [
    'unexpected status 401 Unauthorized: {"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":null}}, url: http://127.0.0.1:1/v1/responses, request id: r1',
    "401 Unauthorized: Incorrect API key provided (invalid_request_error)",
  ],
  ["unexpected status 403 Forbidden: no, url: http://127.0.0.1:1/v1/responses", "403 Forbidden: no"],
  ['{\n  "error": {\n    "message": "Two lines of JSON"\n  }\n}', "Two lines of JSON"],
  ['{"detail":"Unsupported"}', "Unsupported"],
  ['{"detail":[{"msg":"field required"}]}', "field required"],
  ['{"error":"overloaded"}', "overloaded"],
  ['{"message":"plain"}', "plain"],
  [
    "exceeded retry limit, last status: 429 Too Many Requests",
    "exceeded retry limit, last status: 429 Too Many Requests",
  ],
  ['{"no":"words"}', '{"no":"words"}'],
  ["it broke at {", "it broke at {"],
  ['in {"file": broken}', 'in {"file": broken}'],
  ["", ""],
])("what a service said is told in its words: %j", (said, words) => {
  expect(serviceWords(said)).toBe(words);
});
