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

const deviceTypes: Record<string, string> = {
  aoscx: 'aruba_aoscx',
  fortigate: 'fortinet',
  ios: 'cisco_ios',
  junos: 'juniper_junos',
  nxos: 'cisco_nxos',
  routeros: 'mikrotik_routeros',
  vyos: 'vyos',
}

/** These were recorded as single commands: no echo, no prompt. */
const bareShells: Record<string, BareShell> = {
  junos: { prompt: 'netops@srx300> ' },
  routeros: { prompt: '[netops@CHR] > ' },
}

const recordings = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => deviceTypes[file.split('#')[0] ?? ''] !== undefined)
      .sort()
  : []

const read = (file: string): Transcript =>
  JSON.parse(readFileSync(new URL(encodeURIComponent(file), folder), 'utf8'))

/** The configuration as it was recorded, put together without the session machine. */
function recordedConfig(transcript: Transcript, { captures: { running } }: Platform, prompt: string): string {
  const commands = [running.command, ...(running.alternatives ?? [])]
  const exchange = transcript.exchanges.find(({ send }) => commands.includes(send.trimEnd()))
  const lines = renderTerminal(exchange?.receive ?? '').split('\n')
  const echoed = lines[0]?.trim() === exchange?.send.trim() ? lines.slice(1) : lines
  const text = echoed.join('\n').trimEnd()
  return (text.endsWith(prompt.trim()) ? text.slice(0, -prompt.trim().length) : text).trim()
}

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
        expect(outcome.ok && outcome.os).toBeTruthy()
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
