import { startLab } from '../../local/lab/lab.ts'

/**
 * Simulated devices in a process of their own, so that their CPU is not counted as the client's.
 * Takes `{ devices, responseMs, interfaces }` as its argument, prints the ports, ends with its standard input.
 */
const job = JSON.parse(process.argv[2] ?? '{}') as { devices: number; responseMs: number; interfaces: number }
const lab = await startLab({
  devices: Array.from({ length: job.devices }, (_, index) => ({
    name: `r${String(index).padStart(4, '0')}`,
    deviceType: 'cisco_ios',
    logins: [{ username: 'backup', password: 'bench-password' }],
    responseMs: job.responseMs,
    interfaces: job.interfaces,
    index,
  })),
})
console.log(JSON.stringify(lab.devices.map(({ name, port }) => ({ name, port }))))
process.stdin.on('end', () => void lab.stop().then(() => process.exit(0)))
process.stdin.resume()
