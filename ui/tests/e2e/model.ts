/**
 * A model on loopback that speaks OpenAI's wire and says what a script tells it. Strict: a request that the provider
 * would refuse is refused, and remembered as a complaint.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const KEY = "sk-scripted";

interface Call {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

export interface Message {
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content?: string | { type: string; text?: string }[] | null;
  tool_calls?: Call[];
  tool_call_id?: string;
}

export interface Request {
  model: string;
  messages: Message[];
  tools?: { function: { name: string } }[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
}

export type Turn = { text: string } | { call: string; arguments: object };

/** Answers a request; `system` is all that was told to the model before, `last` what the user said last. */
export type Script = (asked: { request: Request; system: string; last: string }) => Turn;

const FIELDS = new Set([
  ..."model messages tools tool_choice parallel_tool_calls stream stream_options max_tokens".split(" "),
  ..."max_completion_tokens temperature top_p seed stop response_format reasoning_effort".split(" "),
  ..."prompt_cache_key user".split(" "),
]);

export class ModelServer {
  readonly complaints: string[] = [];
  readonly requests: Request[] = [];
  #server = createServer((request, response) => void this.#answer(request, response));
  #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  async start(): Promise<string> {
    await new Promise<void>((ready) => this.#server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((stopped) => this.#server.close(stopped));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const piece of incoming) body += String(piece);
    const refuse = (status: number, message: string) => {
      this.complaints.push(message);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message, type: "invalid_request_error" } }));
    };
    if (incoming.headers.authorization !== `Bearer ${KEY}`) return refuse(401, "the key is wrong");
    if (incoming.method !== "POST" || incoming.url !== "/v1/chat/completions")
      return refuse(404, `there is no ${incoming.method} ${incoming.url}`);
    const request = JSON.parse(body) as Request;
    const wrong = faultOf(request);
    if (wrong) return refuse(400, wrong);
    this.requests.push(request);
    const system = request.messages
      .filter(({ role }) => role === "system" || role === "developer")
      .map(textOf)
      .join("\n");
    const last = textOf(request.messages.filter(({ role }) => role === "user").at(-1));
    const turn = this.#script({ request, system, last });
    if (request.stream) stream(response, request, turn);
    else {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(whole(request, turn)));
    }
  }
}

export function textOf(message: Message | undefined): string {
  const content = message?.content ?? "";
  return typeof content === "string" ? content : content.map((part) => part.text ?? "").join("");
}

/** What the provider would not accept: unknown fields, results that answer no call, calls without results. */
function faultOf(request: Request): string | null {
  const unknown = Object.keys(request).find((field) => !FIELDS.has(field));
  if (unknown) return `unknown field ${unknown}`;
  if (typeof request.model !== "string" || !Array.isArray(request.messages)) return "no model or no messages";
  if (request.messages.length === 0) return "messages is empty";
  if (request.stream_options && !request.stream) return "stream_options without stream";
  if (request.tools?.length === 0) return "tools is an empty list";
  let open = new Set<string>();
  for (const message of request.messages) {
    if (message.role === "tool") {
      if (!open.delete(message.tool_call_id ?? ""))
        return `a result answers no call: ${message.tool_call_id}`;
      continue;
    }
    if (open.size > 0) return `calls without results: ${[...open].join()}`;
    open = new Set((message.tool_calls ?? []).map((call) => call.id));
  }
  return open.size > 0 ? `calls without results: ${[...open].join()}` : null;
}

const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
let calls = 0;

function messageOf(turn: Turn): Message {
  if ("text" in turn) return { role: "assistant", content: turn.text };
  const { call: name, arguments: given } = turn;
  calls += 1;
  const call: Call = {
    id: `call_${calls}`,
    type: "function",
    function: { name, arguments: JSON.stringify(given) },
  };
  return { role: "assistant", content: null, tool_calls: [call] };
}

const reasonOf = (turn: Turn): string => ("text" in turn ? "stop" : "tool_calls");

function whole({ model }: Request, turn: Turn): object {
  return {
    id: "chatcmpl-scripted",
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, message: messageOf(turn), finish_reason: reasonOf(turn) }],
    usage: USAGE,
  };
}

function stream(response: ServerResponse, request: Request, turn: Turn): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const say = (choices: object[], usage: object | null = null) => {
    const chunk = {
      id: "chatcmpl-scripted",
      object: "chat.completion.chunk",
      created: 1,
      model: request.model,
    };
    response.write(`data: ${JSON.stringify({ ...chunk, choices, usage })}\n\n`);
  };
  const delta = (piece: object, finish_reason: string | null = null) =>
    say([{ index: 0, delta: piece, finish_reason }]);
  if ("text" in turn)
    for (const piece of turn.text.match(/[\s\S]{1,12}/g) ?? []) delta({ role: "assistant", content: piece });
  else
    delta({
      role: "assistant",
      tool_calls: messageOf(turn).tool_calls?.map((call, index) => ({ index, ...call })),
    });
  delta({}, reasonOf(turn));
  if (request.stream_options?.include_usage) say([], USAGE);
  response.end("data: [DONE]\n\n");
}
