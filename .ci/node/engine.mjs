// Checks the features of the engine other than tools, with the official TypeScript clients.
// usage: node engine.mjs URL
import assert from 'node:assert/strict';
import * as modern from '@modelcontextprotocol/client';
import { SkillsClient } from '@modelcontextprotocol/client/ext/skills';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const url = new URL(process.argv[2]);
const info = { name: 'interop', version: '1.0.0' };
const answer = async () => ({ action: 'accept', content: { username: 'Ada', email: 'ada@example.com', name: 'Ada' } });

const eras = {
  '2026-07-28': async () => {
    const client = new modern.Client(info, {
      capabilities: { elicitation: { form: {} } },
      versionNegotiation: { mode: { pin: '2026-07-28' } },
    });
    client.setRequestHandler('elicitation/create', answer);
    await client.connect(new modern.StreamableHTTPClientTransport(url));
    return { client, callTool: (params, options) => client.callTool(params, options) };
  },
  '2025-11-25': async () => {
    const client = new LegacyClient(info, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, answer);
    await client.connect(new LegacyTransport(url));
    return { client, callTool: (params, options) => client.callTool(params, undefined, options) };
  },
};

const checks = {
  resources: async ({ client }) => {
    const { resources } = await client.listResources();
    assert.ok(resources.length >= 2);
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.ok(resourceTemplates.length >= 1);
    const text = await client.readResource({ uri: 'test://static-text' });
    assert.match(text.contents[0].text, /static text resource/);
    const binary = await client.readResource({ uri: 'test://static-binary' });
    assert.ok(binary.contents[0].blob.length > 0);
    const templated = await client.readResource({ uri: 'test://template/42/data' });
    assert.equal(JSON.parse(templated.contents[0].text).id, '42');
    await assert.rejects(client.readResource({ uri: 'test://no-such-resource' }), /no-such-resource/);
  },
  prompts: async ({ client }) => {
    const { prompts } = await client.listPrompts();
    assert.ok(prompts.some((prompt) => prompt.name === 'test_prompt_with_arguments'));
    const prompt = await client.getPrompt({
      name: 'test_prompt_with_arguments',
      arguments: { arg1: 'hello', arg2: 'world' },
    });
    assert.match(prompt.messages[0].content.text, /hello.*world/);
    await assert.rejects(client.getPrompt({ name: 'test_prompt_with_arguments' }), /arg1/);
  },
  completion: async ({ client }) => {
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'test_prompt_with_arguments' },
      argument: { name: 'arg1', value: 'p' },
    });
    assert.ok(Array.isArray(completion.values));
  },
  content: async ({ callTool }) => {
    const mixed = await callTool({ name: 'test_multiple_content_types', arguments: {} });
    assert.deepEqual(mixed.content.map((block) => block.type), ['text', 'image', 'resource']);
  },
  progress: async ({ callTool }) => {
    const seen = [];
    await callTool(
      { name: 'test_tool_with_progress', arguments: {} },
      { onprogress: (progress) => seen.push(progress.progress) },
    );
    assert.deepEqual(seen, [0, 50, 100]);
  },
  cancellation: async ({ callTool }) => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    const start = Date.now();
    await assert.rejects(
      callTool({ name: 'slow_compute', arguments: { seconds: 5 } }, { signal: abort.signal }),
    );
    assert.ok(Date.now() - start < 3000);
    const after = await callTool({ name: 'test_simple_text', arguments: {} });
    assert.equal(after.isError ?? false, false);
  },
  skills: async ({ client }) => {
    const { resources } = await client.listResources();
    const uri = 'skill://conformance/read-a-file/SKILL.md';
    assert.equal(resources.find((resource) => resource.uri === uri).name, 'read-a-file');
    if (!(client instanceof modern.Client)) {
      return;
    }
    // This client compares sizes, digests and frontmatter with what it reads.
    const skills = new SkillsClient(client);
    assert.ok(skills.supported && skills.directoryRead);
    const listed = await skills.list();
    assert.deepEqual(listed.skills.map((skill) => skill.uri), [uri]);
    const { skill } = await skills.get(uri);
    assert.equal((await skills.read(skill)).frontmatter.name, 'read-a-file');
    assert.ok((await skills.read(skill, 'references/details.md')).verified);
    const { resources: children } = await skills.readDirectory('skill://conformance/read-a-file');
    assert.deepEqual(children.map((child) => child.name).sort(), ['SKILL.md', 'references']);
    await assert.rejects(skills.get('skill://none/SKILL.md'));
  },
  elicitation: async ({ callTool }) => {
    const result = await callTool({ name: 'test_elicitation', arguments: { message: 'Who are you?' } });
    assert.match(result.content[0].text, /accept.*Ada/);
  },
};

const subscriptions = {
  '2026-07-28': async ({ client, callTool }) => {
    const changed = new Promise((resolve) => client.setNotificationHandler('notifications/tools/list_changed', resolve));
    const subscription = await client.listen({ toolsListChanged: true });
    await callTool({ name: 'test_trigger_tool_change', arguments: {} });
    await Promise.race([
      changed,
      new Promise((_, reject) => setTimeout(() => reject(new Error('no list_changed within 5 s')), 5000)),
    ]);
    await subscription.close();
  },
  '2025-11-25': async ({ client }) => {
    await client.subscribeResource({ uri: 'test://watched-resource' });
    await client.unsubscribeResource({ uri: 'test://watched-resource' });
  },
};

let passed = 0;
let failed = 0;
for (const [era, connect] of Object.entries(eras)) {
  const connection = await connect();
  for (const [name, check] of Object.entries({ ...checks, subscriptions: subscriptions[era] })) {
    try {
      await check(connection);
      passed++;
      console.log(`ok ${era}: ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${era}: ${name}: ${error.stack}`);
    }
  }
  await connection.client.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
