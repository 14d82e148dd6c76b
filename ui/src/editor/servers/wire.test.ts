import { expect, it } from "vitest";
import { FakeHost } from "$/host/fake";
import { wire } from "./wire";

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

function started() {
  const sent: unknown[] = [];
  let slow = 10;
  const host = new FakeHost({
    language_server_send: async ({ json }) => {
      // The first takes longest: without order the second would overtake it.
      await new Promise((resolve) => setTimeout(resolve, (slow -= 5)));
      sent.push(JSON.parse(json));
      return {};
    },
  });
  const heard: unknown[] = [];
  const connection = wire(host, "s", "file:///notes/", async () => true);
  connection.subscribe((json) => heard.push(JSON.parse(json)));
  return { connection, sent, heard };
}

it("sends in order", async () => {
  const { connection, sent } = started();
  connection.send('{"n":1}');
  connection.send('{"n":2}');
  await settled();
  expect(sent).toEqual([{ n: 1 }, { n: 2 }]);
});

it("tells the server its folder", async () => {
  const { connection, sent } = started();
  connection.send('{"id":0,"method":"initialize","params":{}}');
  await settled();
  expect(sent).toEqual([
    { id: 0, method: "initialize", params: { workspaceFolders: [{ uri: "file:///notes", name: "notes" }] } },
  ]);
});

it.each([
  ["workspace/configuration", { items: [{}, {}] }, [null, null]],
  ["client/registerCapability", {}, null],
  ["workspace/applyEdit", { edit: {} }, { applied: true }],
])("answers %s", async (method, params, result) => {
  const { connection, sent, heard } = started();
  connection.heard(JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }));
  await settled();
  expect(sent).toEqual([{ jsonrpc: "2.0", id: 7, result }]);
  expect(heard).toEqual([]);
});

it("passes on everything else", () => {
  const { connection, heard } = started();
  connection.heard('{"id":1,"result":null}');
  connection.heard('{"method":"textDocument/publishDiagnostics","params":{}}');
  expect(heard).toHaveLength(2);
});
