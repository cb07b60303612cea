import { spawnSync, type SpawnSyncOptions } from 'node:child_process'
import { accessSync, existsSync, readFileSync } from 'node:fs'

/**
 * Installs the real peers that tests talk to, where that is possible: as root on Debian. Elsewhere the suites that
 * need them skip, and the skips are counted and named.
 */
const peers = {
  '/usr/sbin/sshd': 'openssh-server',
  '/usr/bin/vtysh': 'frr',
  '/usr/bin/git': 'git',
  '/usr/bin/chromium': 'chromium',
  '/usr/lib/python3/dist-packages/pynetbox': 'python3-pynetbox',
} as const

const benchPeers = {
  '/usr/lib/python3/dist-packages/netmiko': 'python3-netmiko',
  '/usr/lib/rancid/bin/rancid': 'rancid',
} as const

const wanted = process.argv.includes('--bench') ? { ...peers, ...benchPeers } : peers
const missing = Object.entries(wanted).flatMap(([file, name]) => (existsSync(file) ? [] : [name]))

if (missing.length > 0) {
  if (isDebian() && process.getuid?.() === 0) install(missing)
  else console.log(`not installed here, their suites will skip: ${missing.join(', ')}`)
}

function isDebian(): boolean {
  try {
    accessSync('/usr/bin/apt-get')
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

function install(names: readonly string[]): void {
  console.log(`installing ${names.join(', ')}`)
  const options: SpawnSyncOptions = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  spawnSync('apt-get', ['update', '-q'], options)
  const done = spawnSync('apt-get', ['install', '-yq', '--no-install-recommends', ...names], options)
  if (done.status !== 0) console.log(`apt-get failed (${done.status}): the suites that need them will skip`)
}
