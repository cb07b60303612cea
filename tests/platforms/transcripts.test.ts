import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startReplay, type BareShell, type Transcript } from '../../local/lab/replay.ts'
import { clean } from '../../shared/collect/clean.ts'
import { collectDevice } from '../../shared/collect/collect-device.ts'
import { renderTerminal } from '../../shared/collect/terminal.ts'
import type { Platform } from '../../shared/platforms/definition.ts'
import { findPlatform } from '../../shared/platforms/platforms.ts'

/** Recorded sessions of real devices, where they are at hand. */
const folder = new URL('../../../shared/data/transcripts/', import.meta.url)

/** The recordings' names of platforms, and ours. */
const deviceTypes: Record<string, string> = {
  aoscx: 'aruba_aoscx',
  efos: 'broadcom_icos',
  firelinuxos: 'cisco_ftd',
  fortigate: 'fortinet',
  ios: 'cisco_ios',
  ironware: 'extreme_netiron',
  junos: 'juniper_junos',
  nxos: 'cisco_nxos',
  opnsense: 'opnsense',
  routeros: 'mikrotik_routeros',
  tnsr: 'netgate_tnsr',
  tplink: 'tplink_jetstream',
  vyos: 'vyos',
}

/** These were recorded as single commands: no echo, no prompt. */
const bareShells: Record<string, BareShell> = {
  junos: { prompt: 'netops@srx300> ' },
  opnsense: { prompt: 'root@fw11:~ # ' },
  routeros: { prompt: '[netops@CHR] > ' },
}

const recordings = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .sort()
  : []

const read = (file: string): Transcript =>
  JSON.parse(readFileSync(new URL(encodeURIComponent(file), folder), 'utf8'))

/** The configuration as it was recorded, page by page, put together without the session machine. */
function recordedConfig(transcript: Transcript, { captures: { running } }: Platform, prompt: string): string {
  const { exchanges } = transcript
  const commands = [running.command, ...(running.alternatives ?? [])]
  const from = exchanges.findIndex(({ send }) => commands.includes(send.trimEnd()))
  const keys = exchanges.slice(from + 1).findIndex(({ send }) => /[\r\n]$/.test(send))
  const pages = exchanges.slice(from + 1, keys === -1 ? exchanges.length : from + 1 + keys)
  // A pager stands in its own line, and what wipes it comes with the next page.
  const received = [exchanges[from], ...pages].map((page, index) =>
    index < pages.length ? (page?.receive ?? '').replace(/[^\n]*$/, '') : (page?.receive ?? ''),
  )
  const lines = renderTerminal(received.join('')).split('\n')
  const echoed = lines[0]?.trim() === exchanges[from]?.send.trim() ? lines.slice(1) : lines
  const text = echoed.join('\n').trimEnd()
  const end = text.slice(text.lastIndexOf('\n') + 1)
  return (isPromptLine(end, prompt) ? text.slice(0, -end.length) : text).trim()
}

/** The sign at its end may change with the privilege, and one recording shows it twice. */
const isPromptLine = (line: string, prompt: string): boolean =>
  line.trim().replace(/[#>]+$/, '') === prompt.trim().replace(/[#>]+$/, '')

describe.skipIf(recordings.length === 0)(
  'a recorded session (shared/data/transcripts beside the repository)',
  () => {
    // A name to skip by, where there are none.
    test.each(recordings.length > 0 ? recordings : ['none at hand'])(
      '%s gives its configuration whole',
      async (file) => {
        const transcript = read(file)
        const platform = findPlatform(deviceTypes[transcript.model] ?? '')
        if (!platform) throw new Error(`no platform for ${transcript.model}`)
        const username = `netops${platform.usernameSuffix ?? ''}`
        const bare = bareShells[transcript.model]
        const replay = await startReplay(transcript, {
          logins: [{ username, password: 'pw' }],
          ...(bare ? { bare } : {}),
        })
        onTestFinished(() => replay.stop())

        const outcome = await collectDevice(
          {
            ...replayTarget(replay),
            deviceType: platform.id,
            credentials: [{ id: 1, username: 'netops', password: 'pw' }],
          },
          { now: () => new Date() },
        )

        const prompt = bare?.prompt ?? transcript.greeting.slice(transcript.greeting.lastIndexOf('\n') + 1)
        expect(outcome).toMatchObject({ ok: true })
        const running = outcome.ok ? outcome.running : ''
        expect(running.trim().split('\n')).toEqual(recordedConfig(transcript, platform, prompt).split('\n'))
        // Some recordings hold no version command; then it is in the configuration.
        expect(outcome.ok && (outcome.facts.version ?? outcome.os)).toBeTruthy()
        expect(running.length).toBeGreaterThan(200)
        const kept = running
          .split('\n')
          .map((line) => line.trimEnd())
          .filter((line) => !platform.volatile.some((pattern) => pattern.test(line)))
        expect(clean(platform, running).trim().split('\n')).toEqual(kept.join('\n').trim().split('\n'))
        expect(replay.unknown.filter((command) => command === platform.captures.running.command)).toEqual([])
      },
    )
  },
)

const replayTarget = ({ host, port }: { host: string; port: number }) => ({ host, port })
