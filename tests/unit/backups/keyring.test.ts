import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  openKeyring,
  openSealer,
  openText,
  renewKeyring,
  sealText,
  versionOfText,
} from '../../../shared/backups/keyring.ts'
import { keyServiceOf } from '../../support/key-service.ts'
import { startTable, type TestTable } from '../../support/table.ts'

let served: TestTable
let table: TestTable['table']

beforeAll(async () => {
  served = await startTable()
  ;({ table } = served)
})

afterAll(() => served.stop())

const keyService = keyServiceOf(randomBytes(32))

describe('the keyring', () => {
  test('is made once, however many ask for it first', async () => {
    const openers = await Promise.all(Array.from({ length: 20 }, () => openKeyring(table, keyService)))

    const keys = new Set(openers.map(({ redactionKey }) => Buffer.from(redactionKey).toString('hex')))
    expect(keys.size).toBe(1)
  })

  test('lets a writer seal without the right to decrypt', async () => {
    const before = keyService.decrypted

    const sealed = await sealText(
      await openSealer(table, { encrypt: (...given) => keyService.encrypt(...given) }),
      'Enable-Word-9',
    )

    expect(keyService.decrypted).toBe(before)
    expect(Buffer.from(sealed, 'base64').includes('Enable-Word-9')).toBe(false)
    expect(await openText(await openKeyring(table, keyService), sealed)).toBe('Enable-Word-9')
  })

  test('opens nothing that was sealed for another purpose, or altered', async () => {
    const keyring = await openKeyring(table, keyService)
    const sealed = await keyring.seal('raw-config', Buffer.from('hostname x'))
    const altered = Uint8Array.from(sealed, (byte, index) => (index === sealed.length - 1 ? byte ^ 1 : byte))

    await expect(keyring.open('credential', sealed)).rejects.toThrow(/cannot be opened/)
    await expect(keyring.open('raw-config', altered)).rejects.toThrow(/cannot be opened/)
    expect(Buffer.from(await keyring.open('raw-config', sealed)).toString()).toBe('hostname x')
  })

  test('seals the same text to other bytes each time', async () => {
    const keyring = await openKeyring(table, keyService)

    const [one, two] = await Promise.all([sealText(keyring, 'same'), sealText(keyring, 'same')])

    expect(one).not.toBe(two)
  })

  test('is of no use under another KMS key', async () => {
    await expect(openKeyring(table, keyServiceOf(randomBytes(32)))).rejects.toThrow(/authenticate/)
  })
})

describe('a renewed keyring', () => {
  test('seals to the new key pair, opens what was sealed to any of the older ones, and keeps its redaction key', async () => {
    const first = await openKeyring(table, keyService)
    const old = await sealText(first, 'Old-Word-1')

    const version = await renewKeyring(table, keyService)
    const middle = await sealText(await openSealer(table, keyService), 'Middle-Word-2')
    await renewKeyring(table, keyService)
    const last = await openKeyring(table, keyService)
    const calls = keyService.decrypted
    const opened = await Promise.all([old, middle, old].map((sealed) => openText(last, sealed)))

    expect([versionOfText(old), versionOfText(middle), last.version]).toEqual([1, version, version + 1])
    expect(opened).toEqual(['Old-Word-1', 'Middle-Word-2', 'Old-Word-1'])
    expect(keyService.decrypted - calls).toBe(2)
    expect(last.redactionKey).toEqual(first.redactionKey)
  })

  test('by many at once is renewed by one at a time, and loses no key pair', async () => {
    const before = await sealText(await openKeyring(table, keyService), 'Kept')
    const { version } = await openKeyring(table, keyService)

    const renewed = await Promise.allSettled(Array.from({ length: 8 }, () => renewKeyring(table, keyService)))

    const won = renewed.filter(({ status }) => status === 'fulfilled').length
    const now = await openKeyring(table, keyService)
    expect([won > 0, now.version]).toEqual([true, version + won])
    expect(await openText(now, before)).toBe('Kept')
  })
})
