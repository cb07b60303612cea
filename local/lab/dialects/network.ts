import type { DeviceFacts } from '../device.ts'

/** What the configurations of all dialects draw from, so that each device is like no other and always the same. */

export type Port = { number: number; vlan: number; description: string; address: string; up: boolean }

const purposes = [
  'access',
  'printer',
  'camera',
  'access point',
  'phone',
  'desk',
  'meeting room',
  'uplink',
] as const

export function portsOf({ index, interfaces }: DeviceFacts): Port[] {
  return Array.from({ length: interfaces }, (_, at) => ({
    number: at + 1,
    vlan: 10 + ((index + at) % 4) * 10,
    description: `${purposes[(index + at) % purposes.length]} ${1 + ((index * 7 + at) % 40)}`,
    address: `10.${index % 250}.${at}.1`,
    up: (index + at) % 5 !== 0,
  }))
}

export const managementAddress = ({ index }: DeviceFacts): string =>
  `10.255.${Math.floor(index / 250)}.${1 + (index % 250)}`

export const vlans = [
  { id: 10, name: 'users' },
  { id: 20, name: 'voice' },
  { id: 30, name: 'guests' },
  { id: 40, name: 'building' },
] as const

/** A serial number as the device's maker would print it. */
export const serialOf = ({ index }: DeviceFacts, prefix: string): string =>
  `${prefix}${String(1000 + index).padStart(6, '0')}`

/** Looks like a secret and is none: the same for the same device and purpose. */
export function secretOf({ index }: DeviceFacts, purpose: string): string {
  let state = index + 1
  for (const character of purpose) state = (state * 31 + character.charCodeAt(0)) % 2_147_483_647
  let text = ''
  for (let at = 0; at < 12; at += 1) {
    state = (state * 48_271) % 2_147_483_647
    text += 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'.charAt(state % 55)
  }
  return text
}

/** The port that a typical change describes anew. */
export const changedPort = ({ changes, interfaces }: DeviceFacts): number => 1 + (changes.length % interfaces)
