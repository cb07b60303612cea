import type { ReactNode } from 'react'
import type {
  Conflict,
  Coverage,
  Device,
  DeviceCompliance,
  Job,
  Notification,
  RemoteState,
  Result,
  Run,
} from '../types.ts'

type Tone = 'good' | 'bad' | 'busy' | 'mixed' | 'news' | 'plain'
type Value =
  | Run['status']['value']
  | Device['status']['value']
  | Result['status']
  | DeviceCompliance['rules'][number]['outcome']
  | RemoteState['status']
  | Conflict['state']
  | Coverage['results'][number]['standing']
  | Notification['status']
  | Job['state']['value']

const tones: Record<Value, Tone> = {
  queued: 'busy',
  planning: 'busy',
  collecting: 'busy',
  second_pass: 'busy',
  committing: 'busy',
  paused: 'busy',
  success: 'good',
  partial: 'mixed',
  failed: 'bad',
  no_devices: 'plain',
  interrupted: 'bad',
  cancelled: 'plain',
  changed: 'news',
  unchanged: 'good',
  skipped: 'plain',
  active: 'good',
  offline: 'bad',
  planned: 'plain',
  staged: 'plain',
  new: 'news',
  missing: 'bad',
  on_loan: 'plain',
  retired: 'plain',
  unknown: 'mixed',
  passed: 'good',
  excepted: 'mixed',
  not_applicable: 'plain',
  never: 'plain',
  fresh: 'good',
  stale: 'mixed',
  pending: 'busy',
  running: 'busy',
  completed: 'good',
  errored: 'bad',
  sending: 'busy',
  sent: 'good',
  current: 'good',
  behind: 'mixed',
  failing: 'bad',
  ignored: 'plain',
}

const signs: Record<Tone, string> = { good: '✓', bad: '✕', busy: '…', mixed: '~', news: '+', plain: '–' }

/** A status as sign, word and colour: never colour alone. */
export function Status({ value, label }: { value: Value; label: string }): ReactNode {
  const tone = tones[value]
  return (
    <span className={`status ${tone}`}>
      <span aria-hidden="true">{signs[tone]}</span> {label}
    </span>
  )
}

export const isUnderWay = (status: Run['status']['value']): boolean => tones[status] === 'busy'
