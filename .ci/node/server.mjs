// A server on the official TypeScript SDK 2, for the client to be checked against.
// usage: node server.mjs stdio | stdio-modern | http
// "http" prints its port and serves /mcp (both eras), /modern (2026-07-28 only) and /session (older revisions with sessions).
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import {
  completable, createMcpHandler, fromJsonSchema, inputRequired, inputResponse, McpServer, ProtocolError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const TASKS = 'io.modelcontextprotocol/tasks';
const PIXEL = Buffer.from([0x89, 0x50, 0x4e, 0x47]).toString('base64');
const SOUND = Buffer.from('RIFF').toString('base64');

const text = (value) => ({ content: [{ type: 'text', text: value }] });
const sleep = (ms, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, ms);
  signal?.addEventListener('abort', () => { clearTimeout(timer); reject(new Error('cancelled')); });
});

const state = { reads: 0, lists: 0, cancelled: 0, calls: 0, extraTool: false, tasks: new Map() };
/** Tells those who listen, over HTTP and over stdio. */
let notify;

const form = (message) => inputRequired.elicit({
  message,
  requestedSchema: {
    type: 'object',
    properties: { name: { type: 'string' }, count: { type: 'integer', default: 3 } },
    required: ['name'],
  },
});
const sample = (prompt) => inputRequired.createMessage({
  messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
  maxTokens: 10,
});

function tools(server) {
  server.registerTool('add', {
    description: 'Adds two numbers.',
    inputSchema: z.object({ a: z.number(), b: z.number() }),
    outputSchema: z.object({ sum: z.number() }),
    annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  }, async ({ a, b }) => {
    state.calls++;
    return { ...text(JSON.stringify({ sum: a + b })), structuredContent: { sum: a + b } };
  });

  server.registerTool('content', { description: 'Returns a block of each type.' }, async () => ({
    content: [
      { type: 'text', text: 'one', annotations: { audience: ['user'], priority: 0.5 } },
      { type: 'image', data: PIXEL, mimeType: 'image/png' },
      { type: 'audio', data: SOUND, mimeType: 'audio/wav' },
      { type: 'resource_link', uri: 'test://static', name: 'static', description: 'A link', mimeType: 'text/plain' },
      { type: 'resource', resource: { uri: 'test://embedded', mimeType: 'text/plain', text: 'two' } },
      { type: 'resource', resource: { uri: 'test://blob', mimeType: 'image/png', blob: PIXEL } },
    ],
  }));

  server.registerTool('fail', { description: 'Fails.' }, async () => ({ ...text('It failed on purpose.'), isError: true }));
  server.registerTool('crash', { description: 'Throws.' }, async () => { throw new Error('It crashed on purpose.'); });
  server.registerTool('exit', { description: 'Ends the server during the call.' }, async () => process.exit(7));

  server.registerTool('steps', {
    description: 'Reports progress and log messages.',
    inputSchema: z.object({ steps: z.int() }),
  }, async ({ steps }, ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (let step = 1; step <= steps; step++) {
      if (progressToken !== undefined) {
        await ctx.mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress: step, total: steps, message: `step ${step}` },
        });
      }
    }
    await ctx.mcpReq.log('debug', 'too fine', 'steps');
    await ctx.mcpReq.log('warning', { done: steps }, 'steps');
    return text('done');
  });

  server.registerTool('slow', {
    description: 'Waits, or notices that it was cancelled.',
    inputSchema: z.object({ ms: z.int() }),
  }, async ({ ms }, ctx) => {
    try {
      await sleep(ms, ctx.mcpReq.signal);
    } catch (e) {
      state.cancelled++;
      throw e;
    }
    return text('waited');
  });
  server.registerTool('state', { description: 'Returns what the server has counted.' }, async () => text(JSON.stringify({
    reads: state.reads, lists: state.lists, cancelled: state.cancelled, calls: state.calls,
    tasks: Object.fromEntries([...state.tasks].map(([id, task]) => [id, task.status])),
  })));

  server.registerTool('ask_form', { description: 'Asks for a form.' }, async (ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, 'who');
    return answer.kind === 'missing'
      ? inputRequired({ inputRequests: { who: form('Who are you?') } })
      : text(JSON.stringify({ action: answer.action, content: answer.content ?? null }));
  });
  server.registerTool('ask_page', { description: 'Asks to open a page.' }, async (ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, 'page');
    return answer.kind === 'missing'
      ? inputRequired({
        inputRequests: { page: inputRequired.elicitUrl({ message: 'Sign in', url: 'https://login.example/start' }) },
      })
      : text(answer.action);
  });
  server.registerTool('ask_model', { description: 'Asks to run a prompt.' }, async (ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, 'model');
    return answer.kind === 'missing'
      ? inputRequired({ inputRequests: { model: sample('Say hello') } })
      : text(`${answer.result.model}: ${answer.result.content.text}`);
  });
  server.registerTool('ask_roots', { description: 'Asks for roots.' }, async (ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, 'roots');
    return answer.kind === 'missing'
      ? inputRequired({ inputRequests: { roots: inputRequired.listRoots() } })
      : text(JSON.stringify(answer.roots));
  });
  server.registerTool('ask_thrice', { description: 'Asks for all three at once, then again, then is busy.' }, async (ctx) => {
    const round = Number(ctx.mcpReq.requestState() ?? 0);
    const answers = ctx.mcpReq.inputResponses;
    if (round === 0) {
      return inputRequired({
        inputRequests: { who: form('Who are you?'), model: sample('Say hello'), roots: inputRequired.listRoots() },
        requestState: '1',
      });
    }
    if (round === 1) {
      const kinds = ['who', 'model', 'roots'].map((key) => inputResponse(answers, key).kind);
      return inputRequired({ inputRequests: { again: form(kinds.join(' ')) }, requestState: '2' });
    }
    if (round === 2 && inputResponse(answers, 'again').kind === 'elicit') {
      return inputRequired({ requestState: '3' });
    }
    return text(`round ${round}, ${Object.keys(answers ?? {}).length} answers`);
  });
  server.registerTool('ask_forever', { description: 'Never stops asking.' }, async () =>
    inputRequired({ inputRequests: { who: form('And who are you?') } }));

  const headers = {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    count: { type: 'integer', 'x-mcp-header': 'Count' },
    dry: { type: 'boolean', 'x-mcp-header': 'Dry' },
  };
  server.registerTool('headers', {
    description: 'Returns the headers that repeat arguments.',
    inputSchema: fromJsonSchema({
      type: 'object',
      properties: { ...headers, where: { type: 'object', properties: { zone: { type: 'string', 'x-mcp-header': 'Zone' } } } },
    }),
  }, async (_arguments, ctx) => {
    const found = {};
    for (const name of ['region', 'count', 'dry', 'zone']) {
      found[name] = ctx.http?.req?.headers.get(`mcp-param-${name}`) ?? null;
    }
    return text(JSON.stringify(found));
  });
  server.registerTool('bad_header', {
    description: 'Has an annotation that is not valid.',
    inputSchema: fromJsonSchema({ type: 'object', properties: { x: { type: 'string', 'x-mcp-header': 'not a token' } } }),
  }, async () => text('was called'));

  server.registerTool('change', { description: 'Adds a tool, a prompt and a resource, or changes a resource.',
    inputSchema: z.object({ what: z.enum(['tools', 'prompts', 'resources', 'static']) }) }, async ({ what }) => {
    state.extraTool = true;
    notify(what, server);
    return text('changed');
  });
  if (state.extraTool) {
    server.registerTool('extra', { description: 'Was added later.' }, async () => text('extra'));
  }
}

const RESOURCES = [
  { uri: 'test://static', name: 'static', title: 'Static', description: 'Counts reads.', mimeType: 'text/plain' },
  { uri: 'test://binary', name: 'binary', mimeType: 'image/png' },
  { uri: 'test://asking', name: 'asking' },
];

function offers(server) {
  server.registerResource('static', 'test://static', { cacheHint: { ttlMs: 60_000, cacheScope: 'private' } }, async (uri) => ({ contents: [{ uri: uri.href, mimeType: 'text/plain', text: `read ${++state.reads}` }] }));
  server.registerResource('binary', 'test://binary', {}, async (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'image/png', blob: PIXEL }],
  }));
  server.registerResource('asking', 'test://asking', {}, async (uri, ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, 'who');
    return answer.kind === 'missing'
      ? inputRequired({ inputRequests: { who: form('Who reads?') } })
      : { contents: [{ uri: uri.href, text: answer.content.name }] };
  });
  // One on a page
  server.server.setRequestHandler('resources/list', async ({ params }) => {
    const page = Number(params?.cursor ?? 0);
    return { resources: [RESOURCES[page]], ...(page + 1 < RESOURCES.length ? { nextCursor: String(page + 1) } : {}) };
  });
  server.registerResource('item', new ResourceTemplate('test://items/{id}', {
    list: undefined,
    complete: { id: (value) => ['17', '18', '27'].filter((id) => id.startsWith(value)) },
  }), { title: 'Item', mimeType: 'application/json' }, async (uri, { id }) => ({
    contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify({ id }) }],
  }));

  server.registerPrompt('greet', {
    title: 'Greeting', description: 'Greets.',
    argsSchema: z.object({
      name: completable(z.string().describe('Whom'), (value) => ['Ada', 'Alan', 'Grace'].filter((n) => n.startsWith(value))),
      tone: completable(z.string(), (value, context) =>
        (context?.arguments?.name === 'Ada' ? ['formal'] : ['loose']).filter((n) => n.startsWith(value))).optional(),
    }),
  }, ({ name, tone }) => ({
    description: 'A greeting',
    messages: [
      { role: 'user', content: { type: 'text', text: `Greet ${name}${tone ? ` in a ${tone} tone` : ''}.` } },
      { role: 'assistant', content: { type: 'image', data: PIXEL, mimeType: 'image/png' } },
    ],
  }));
  server.registerPrompt('asking', { argsSchema: z.object({}) }, (_arguments, ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses, 'who');
    return answer.kind === 'missing'
      ? inputRequired({ inputRequests: { who: form('Who prompts?') } })
      : { messages: [{ role: 'user', content: { type: 'text', text: answer.content.name } }] };
  });
}

/** The extension of tasks, for which the SDK has no class of its own. */
function tasks(server) {
  const open = (task) => {
    const taskId = randomUUID();
    const now = new Date().toISOString();
    const all = { taskId, status: 'working', createdAt: now, lastUpdatedAt: now, ttlMs: 60_000, pollIntervalMs: 50, ...task };
    state.tasks.set(taskId, all);
    return { resultType: 'task', ...all };
  };
  const find = (id) => {
    const task = state.tasks.get(id);
    if (!task) {
      throw new ProtocolError(-32602, `No task ${id}`);
    }
    return task;
  };
  const created = { taskId: z.string() };
  const schemas = (more) => ({ params: z.looseObject({ ...created, ...more }), result: z.looseObject({}) });
  const done = (task, value) => Object.assign(task, { status: 'completed', result: { ...text(value), isError: false } });

  const offersTasks = (ctx) =>
    TASKS in (ctx.mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities']?.extensions ?? {});
  server.registerTool('report', {
    description: 'Writes a report as a task.',
    inputSchema: z.object({ kind: z.enum(['quick', 'asking', 'failing', 'endless']) }),
  }, async ({ kind }, ctx) => {
    if (!offersTasks(ctx)) {
      return text(`${kind} without a task`);
    }
    const task = open({ kind });
    return { content: [], ...task };
  });
  server.server.setRequestHandler('tasks/get', schemas({}), async ({ taskId }) => {
    const task = find(taskId);
    task.polls = (task.polls ?? 0) + 1;
    if (task.status === 'working' && task.polls > 1) {
      if (task.kind === 'quick') {
        done(task, 'a quick report');
      } else if (task.kind === 'failing') {
        Object.assign(task, { status: 'failed', error: { code: -32050, message: 'No paper', data: { tray: 2 } } });
      } else if (task.kind === 'asking') {
        Object.assign(task, { status: 'input_required', inputRequests: { who: form('Who reports?') } });
      }
    }
    return { resultType: 'complete', ...task };
  });
  server.server.setRequestHandler('tasks/update', schemas({}), async ({ taskId, ...params }, ctx) => {
    const answer = inputResponse(ctx.mcpReq.inputResponses ?? params.inputResponses, 'who');
    const task = find(taskId);
    delete task.inputRequests;
    done(task, `a report by ${answer.content.name}`);
    return { resultType: 'complete' };
  });
  server.server.setRequestHandler('tasks/cancel', schemas({}), async ({ taskId }) => {
    find(taskId).status = 'cancelled';
    return { resultType: 'complete' };
  });
}

function create({ era }) {
  const server = new McpServer({ name: 'typescript-sdk', version: '2.4.0' }, {
    capabilities: {
      tools: { listChanged: true }, prompts: { listChanged: true }, resources: { listChanged: true, subscribe: true },
      logging: {}, completions: {}, ...(era === 'modern' ? { extensions: { [TASKS]: {} } } : {}),
    },
    instructions: 'Ask before you call.',
    cacheHints: { 'tools/list': { ttlMs: 60_000, cacheScope: 'private' } },
  });
  tools(server);
  offers(server);
  if (era === 'modern') {
    tasks(server);
  } else {
    server.server.setRequestHandler('resources/subscribe', async () => ({}));
    server.server.setRequestHandler('resources/unsubscribe', async () => ({}));
  }
  return server;
}

/** Sends a notification over the connection of one server. */
function notifyOver(what, server) {
  const send = {
    tools: () => server.sendToolListChanged(),
    prompts: () => server.sendPromptListChanged(),
    resources: () => server.sendResourceListChanged(),
    static: () => server.server.sendResourceUpdated({ uri: 'test://static' }),
  };
  return send[what]();
}

if (process.argv[2].startsWith('stdio')) {
  notify = notifyOver;
  serveStdio(create, { legacy: process.argv[2] === 'stdio-modern' ? 'reject' : 'serve' });
} else {
  const both = createMcpHandler(create);
  const strict = createMcpHandler(create, { legacy: 'reject' });
  const sessions = new Map();
  notify = (what, server) => {
    for (const handler of [both, strict]) {
      ({
        tools: handler.notify.toolsChanged, prompts: handler.notify.promptsChanged,
        resources: handler.notify.resourcesChanged, static: () => handler.notify.resourceUpdated('test://static'),
      })[what]();
    }
    for (const session of sessions.values()) {
      notifyOver(what, session.server);
    }
  };
  const session = async (request, response) => {
    const known = sessions.get(request.headers['mcp-session-id']);
    if (known) {
      await known.transport.handleRequest(request, response);
    } else if (request.headers['mcp-session-id']) {
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({
        jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' },
      }));
    } else {
      const server = create({ era: 'legacy' });
      const transport = new NodeStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => sessions.set(id, { server, transport }),
        onsessionclosed: (id) => sessions.delete(id),
      });
      await server.connect(transport);
      await transport.handleRequest(request, response);
    }
  };
  const routes = {
    '/mcp': toNodeHandler(both),
    '/modern': toNodeHandler(strict),
    '/session': session,
    '/sessions': (_request, response) => response.end(String(sessions.size)),
    '/forget': (_request, response) => { sessions.clear(); response.end(); },
  };
  const http = createServer((request, response) => {
    const route = routes[request.url];
    if (route) {
      Promise.resolve(route(request, response)).catch((e) => { console.error(e); response.destroy(); });
    } else {
      response.writeHead(404).end();
    }
  });
  http.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(http.address().port));
  process.stdin.on('end', () => process.exit(0)).resume();
}
