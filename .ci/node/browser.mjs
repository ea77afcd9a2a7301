// usage: node browser.mjs SERVERS.json PAGE_PORT CHROMIUM
// Lets pages of http://allowed.example:PAGE_PORT, which the servers allow, and of another origin call each server by fetch.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [configuration, port, chromium] = process.argv.slice(2);
const servers = Object.entries(JSON.parse(readFileSync(configuration, 'utf8')).mcpServers);
const VERSION = '2026-07-28';

// Runs in the page.
async function use(url, version) {
  const send = async (method) => {
    const params = {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': version,
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    };
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          Authorization: 'Bearer none',
          'MCP-Protocol-Version': version,
          'Mcp-Method': method,
          'Mcp-Param-Region': 'eu',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
      return { status: response.status, body: await response.json() };
    } catch (error) {
      return { error: error.name };
    }
  };
  return { list: await send('tools/list'), unknown: await send('no/such/method') };
}

const results = new Map();
const pages = createServer((request, response) => {
  const url = new URL(request.url, `http://${request.headers.host}`);
  if (request.method === 'POST') {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      response.end();
      results.get(url.pathname)(JSON.parse(body));
    });
    return;
  }
  const server = url.searchParams.get('server');
  response.setHeader('Content-Type', 'text/html');
  response.end(
    server
      ? `<script>(${use})(${JSON.stringify(server)}, '${VERSION}')
           .then((result) => fetch(location.pathname, { method: 'POST', body: JSON.stringify(result) }))</script>`
      : '',
  );
});
await new Promise((listening) => pages.listen(Number(port), '127.0.0.1', listening));

async function visit(host, name, url) {
  const path = `/${host}/${name}`;
  const profile = mkdtempSync(join(tmpdir(), 'mcp-browser-'));
  const result = new Promise((resolve, reject) => {
    results.set(path, resolve);
    setTimeout(() => reject(new Error(`no result of ${host} within 60 s`)), 60_000).unref();
  });
  const browser = spawn(
    chromium,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      `--user-data-dir=${profile}`,
      '--host-resolver-rules=MAP *.example 127.0.0.1',
      '--remote-debugging-port=0',
      `http://${host}:${port}${path}?server=${encodeURIComponent(url)}`,
    ],
    { stdio: 'ignore' },
  );
  const gone = new Promise((resolve) => browser.once('exit', resolve));
  try {
    return await result;
  } finally {
    browser.kill('SIGKILL');
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

let passed = 0;
let failed = 0;
function check(what, right, result) {
  console.log(`${right ? 'ok' : 'not ok'} ${what}${right ? '' : `: ${JSON.stringify(result).slice(0, 300)}`}`);
  right ? passed++ : failed++;
}
for (const [name, { url }] of servers) {
  const allowed = await visit('allowed.example', name, url);
  check(`${name}: a page of an allowed origin lists the tools`, allowed.list.body?.result?.tools?.length > 0, allowed);
  check(`${name}: and reads an error`, allowed.unknown.status === 404 && allowed.unknown.body.error.code === -32601, allowed);
  const denied = await visit('denied.example', name, url);
  check(`${name}: a page of another origin gets nothing`, denied.list.error === 'TypeError' && denied.unknown.error === 'TypeError', denied);
}
pages.close();
pages.closeAllConnections();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
