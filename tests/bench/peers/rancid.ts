import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Contest, Score } from '../contest.ts'

/**
 * RANCID over a list of devices: its own `rancid` per device, so many at once, as rancid-run does with PAR_COUNT, but
 * without the repository. CPU is that of its processes.
 */
const bin = '/usr/lib/rancid/bin'
const contest = JSON.parse(await text(process.stdin)) as Contest
const home = mkdtempSync(join(tmpdir(), 'netkeep-rancid-'))
const ssh = writeSsh()
writeFileSync(join(home, '.cloginrc'), contest.devices.map(logins).join(''), { mode: 0o600 })
const queue = contest.devices.map(({ name }) => name)
const startedMs = performance.now()

await Promise.all(Array.from({ length: contest.sessions }, worker))

const wallS = (performance.now() - startedMs) / 1000
const whole = contest.devices.filter(({ name }) => isWhole(join(home, `${name}.new`))).length
const usage = childrenUsage()
rmSync(home, { recursive: true, force: true })
const score: Score = { wallS, cpuS: usage.cpuS, whole, peakKiB: 0 }
console.log(JSON.stringify(score))

/** `clogin` takes the name of an ssh program, not its options: the host's port is looked up by its name. */
function writeSsh(): string {
  const ssh = join(home, 'ssh-by-name')
  const cases = contest.devices.map(
    ({ name, host, port }) => `${name}) set -- -o HostName=${host} -p ${port} "$@" ;;`,
  )
  const quiet = '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR'
  const lines = [
    '#!/bin/sh',
    'for name; do :; done',
    'case "$name" in',
    ...cases,
    'esac',
    `exec ssh ${quiet} "$@"`,
    '',
  ]
  writeFileSync(ssh, lines.join('\n'))
  chmodSync(ssh, 0o755)
  return ssh
}

function logins({ name, username, password }: Contest['devices'][number]): string {
  return [
    `add user ${name} ${username}`,
    `add password ${name} ${password} ${password}`,
    `add method ${name} ssh`,
    `add autoenable ${name} 1`,
    `add sshcmd ${name} ${ssh}`,
    '',
  ].join('\n')
}

async function worker(): Promise<void> {
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const child = spawn(`${bin}/rancid`, ['-t', 'cisco', name], {
      cwd: home,
      env: { HOME: home, PATH: `${bin}:/usr/bin:/bin`, TERM: 'network', MAX_ROUNDS: '1' },
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    await once(child, 'exit')
  }
}

function isWhole(file: string): boolean {
  return existsSync(file) && /^end\s*$/m.test(readFileSync(file, 'utf8'))
}

/** Fields 16 and 17 of /proc/self/stat: CPU of children that have ended, in hundredths of a second. */
function childrenUsage(): { cpuS: number } {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { cpuS: (Number(fields[13]) + Number(fields[14])) / 100 }
}
