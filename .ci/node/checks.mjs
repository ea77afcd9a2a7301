// Checks what any MCP client should be able to do with the quickstart's servers. Clients of both protocol eras run it.
import assert from 'node:assert/strict';

export const TOPIC_PREFIX = 'interop-';

/** @param connect connects to a URL and returns a client: an object with listTools, callTool and close */
export async function check(name, servers, connect) {
  const topic = `${TOPIC_PREFIX}${name}-${Date.now()}`;

  const kafka = await connect(servers.kafka);
  const tools = (await kafka.listTools()).tools;
  for (const wanted of ['list_topics', 'create_topic', 'get_consumer_lag', 'reset_consumer_offset']) {
    assert.ok(tools.some((tool) => tool.name === wanted), `kafka offers ${wanted}`);
  }
  step(name, `kafka lists ${tools.length} tools`);

  const created = await kafka.callTool({ name: 'create_topic', arguments: { name: topic, partitions: 2 } });
  assert.equal(created.isError ?? false, false, JSON.stringify(created));
  assert.equal(created.structuredContent.success, true);
  step(name, `created topic ${topic}`);

  const again = await kafka.callTool({ name: 'create_topic', arguments: { name: topic, partitions: 2 } });
  assert.equal(again.isError, true);
  assert.match(again.content[0].text, /TOPIC_EXISTS/);
  step(name, 'creating it again is the tool error TOPIC_EXISTS');

  const lag = await kafka.callTool({ name: 'get_consumer_lag', arguments: { topic: 'crypto-ohlcv' } });
  assert.equal(typeof lag.structuredContent.lag, 'number');
  assert.equal(lag.structuredContent.topic, 'crypto-ohlcv');
  step(name, `read the lag: ${lag.structuredContent.lag}`);

  const wrong = await kafka.callTool({ name: 'create_topic', arguments: { nmae: 'x', partitions: 1 } });
  assert.equal(wrong.isError, true);
  assert.match(wrong.content[0].text, /nmae/);
  step(name, 'an unknown argument is a tool error that names it');

  await assert.rejects(kafka.callTool({ name: 'no_such_tool', arguments: {} }), /no_such_tool/);
  step(name, 'an unknown tool is a protocol error that names it');
  await kafka.close();

  const database = await connect(servers.timescale);
  await database.listTools();
  const query = await database.callTool({
    name: 'query',
    arguments: { sql: 'SELECT symbol, count(*) FROM crypto_ohlcv GROUP BY symbol ORDER BY symbol' },
  });
  assert.equal(query.isError ?? false, false, JSON.stringify(query));
  assert.ok(query.structuredContent.rows.length >= 5);
  step(name, `ran a query: ${query.structuredContent.rows.length} symbols`);

  const write = await database.callTool({ name: 'query', arguments: { sql: 'DELETE FROM crypto_ohlcv' } });
  assert.equal(write.isError, true);
  step(name, 'refused a DELETE');
  await database.close();
}

function step(name, text) {
  console.log(`ok ${name}: ${text}`);
}
