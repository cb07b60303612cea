import { once } from 'node:events'
import net from 'node:net'
import { parentPort } from 'node:worker_threads'

/**
 * A thread that listens and then stands still for ever: nobody takes connections off its queue, and once that is full
 * the kernel drops what comes, as a network does with packets to a dead host. Its owner ends the thread.
 */
const server = net.createServer()
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 })
await once(server, 'listening')
const address = server.address()
parentPort?.postMessage(typeof address === 'object' && address !== null ? address.port : 0, [])
// The message is on its way only when this turn of the loop is over.
setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
