// usage: node interop.mjs SERVERS.json
import { readFileSync } from 'node:fs';
import * as modern from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { check } from './checks.mjs';

const configuration = JSON.parse(readFileSync(process.argv[2], 'utf8')).mcpServers;
const servers = Object.fromEntries(Object.entries(configuration).map(([name, server]) => [name, new URL(server.url)]));
const info = { name: 'interop', version: '1.0.0' };

const eras = {
  '2026-07-28': async (url) => {
    const client = new modern.Client(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
    await client.connect(new modern.StreamableHTTPClientTransport(url));
    return client;
  },
  '2025-11-25': async (url) => {
    const client = new LegacyClient(info);
    await client.connect(new LegacyTransport(url));
    return client;
  },
};

let failed = 0;
for (const [era, connect] of Object.entries(eras)) {
  try {
    await check(era, servers, connect);
  } catch (error) {
    failed++;
    console.log(`not ok ${era}: ${error.stack}`);
  }
}
console.log(`${Object.keys(eras).length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
