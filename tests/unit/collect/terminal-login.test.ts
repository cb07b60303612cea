import { describe, expect, test } from 'vitest'
import type { Channel } from '../../../shared/collect/channel.ts'
import { Session } from '../../../shared/collect/session.ts'
import type { Platform, Privilege } from '../../../shared/platforms/definition.ts'
import { ciscoIos } from '../../../shared/platforms/cisco_ios.ts'
import { ciscoWlc } from '../../../shared/platforms/cisco_wlc.ts'

/** `undefined`: the device hangs up. */
type Reply = string | undefined
type Device = Channel & { typed: string[] }

/** A device that shows a text, and then another for each line that is typed. */
function device(greeting: string, answer: (line: string, typed: readonly string[]) => Reply): Device {
  let hear: (chunk: Uint8Array) => void = () => undefined
  let end: () => void = () => undefined
  const typed: string[] = []
  const say = (text: string): void => void setImmediate(() => hear(new TextEncoder().encode(text)))
  return {
    typed,
    write: (text) => {
      for (const line of text.split(/\r?\n|\r/).slice(0, -1)) {
        typed.push(line)
        const reply = answer(line, typed)
        if (reply === undefined) setImmediate(end)
        else say(reply)
      }
    },
    onData: (listener) => {
      hear = listener
      say(greeting)
    },
    onClose: (listener) => {
      end = listener
    },
    close: () => undefined,
  }
}

const limits = { idleMs: 500, startMs: 500, promptMs: 500, outputBytes: 100_000 }
const sessionOn = (channel: Channel, platform: Platform): Session =>
  new Session(channel, { platform, limits, note: () => undefined })
const credential = { username: 'netops', password: 'correct-horse' }

describe('a login that the device asks for in the terminal', () => {
  const wlc = (line: string, typed: readonly string[]): Reply => {
    if (typed.length === 1) return `${line}\r\nPassword:`
    if (typed.length === 2) return line === credential.password ? '*****\r\n(wlc1) >' : '*****\r\nUser:'
    return `${line}\r\n(wlc1) >`
  }

  test('is answered once, and the prompt is learned after it', async () => {
    const controller = device('\r\n(Cisco Controller)\r\nUser:', wlc)
    const session = sessionOn(controller, ciscoWlc)

    await session.logIn(credential)
    await session.open()

    expect(session.prompt).toBe('(wlc1) >')
    expect(controller.typed.slice(0, 2)).toEqual(['netops', 'correct-horse'])
  })

  test('that asks for the name again has refused: nothing is sent twice', async () => {
    const controller = device('User:', wlc)

    const logIn = sessionOn(controller, ciscoWlc).logIn({ ...credential, password: 'wrong' })

    await expect(logIn).rejects.toMatchObject({ category: 'auth' })
    expect(controller.typed).toEqual(['netops', 'wrong'])
  })

  test.each([
    ['hangs up', () => undefined],
    ['says no', () => '\r\n% Login invalid\r\n'],
    ['counts the tries', () => '\r\nAuthentication failed. 2 tries left\r\nUsername: '],
  ])('that %s ends as auth, without the password in it', async (_what, reply) => {
    const router = device('Username: ', (line) => (line === 'netops' ? 'netops\r\nPassword: ' : reply()))

    const logIn = sessionOn(router, ciscoIos).logIn(credential)

    await expect(logIn).rejects.toMatchObject({ category: 'auth' })
    await expect(logIn).rejects.not.toThrow('correct-horse')
  })

  test('with a message of the day that reads like a refusal is accepted', async () => {
    const router = device('Username: ', (line) =>
      line === 'netops' ? 'netops\r\nPassword: ' : '\r\nUnauthorized access denied!\r\n\r\ncore1>',
    )

    await expect(sessionOn(router, ciscoIos).logIn(credential)).resolves.toBeUndefined()
  })

  test('that no password was set for ends as auth, and nothing is sent', async () => {
    const router = device('\r\nPassword required, but none set\r\n', () => undefined)

    const logIn = sessionOn(router, ciscoIos).logIn(credential)

    await expect(logIn).rejects.toMatchObject({ category: 'auth' })
    expect(router.typed).toEqual([])
  })

  test.each([
    ['asks for a password only', 'Password: ', ['correct-horse']],
    ['asks for nothing', 'core1>', []],
    ['shows nothing before an empty line', '', []],
    ['waits for a key first', 'Press any key to continue', []],
  ])('that %s is understood', async (_what, greeting, expected) => {
    const platform: Platform = {
      ...ciscoIos,
      pagers: [{ prompt: /^Press any key to continue$/, reply: '\r' }],
    }
    const router = device(greeting, () => '\r\ncore1>')

    await sessionOn(router, platform).logIn(credential)

    expect(router.typed.filter((line) => line !== '')).toEqual(expected)
  })
})

describe('privilege', () => {
  const refused = [/^% Bad secrets/]
  const withSteps = (privilege: Privilege | readonly Privilege[]): Platform => ({
    ...ciscoIos,
    privilege,
    onOpen: [],
  })

  test('that asks for a name gets that of the login', async () => {
    const step = {
      from: />$/,
      command: 'enable',
      usernamePrompt: /^User Name:$/,
      secretPrompt: /^Password:$/,
      refused,
    }
    const router = device('sw>', (line, typed) => {
      if (line === 'enable') return 'enable\r\nUser Name:'
      if (line === 'netops') return 'netops\r\nPassword:'
      return typed.includes('up-we-go') ? '\r\nsw#' : `${line}\r\nsw>`
    })
    const session = sessionOn(router, withSteps(step))

    await session.open({ username: 'netops', enableSecret: 'up-we-go' })

    expect(session.prompt).toBe('sw#')
  })

  test('that takes an empty line is raised without a secret', async () => {
    const step: Privilege = {
      from: />$/,
      command: 'enable',
      secretPrompt: /^Password:$/,
      secret: 'blank',
      refused,
    }
    const router = device('sw>', (line, typed) => {
      if (line === 'enable') return 'enable\r\nPassword:'
      return typed.includes('enable') ? '\r\nsw#' : '\r\nsw>'
    })
    const session = sessionOn(router, withSteps(step))

    await session.open({})

    expect(session.prompt).toBe('sw#')
  })

  test('is raised in several steps, each where the prompt says that it is needed', async () => {
    const steps: Privilege[] = [
      { from: />$/, command: 'enable', refused },
      { from: /\w#$/, command: 'diag', secretPrompt: /^Password:$/, secret: 'password', refused },
    ]
    const prompts = ['sw>', 'sw#', 'sw(diag)#']
    let level = 0
    const router = device('sw>', (line) => {
      if (line === 'diag') return 'diag\r\nPassword:'
      if (line === 'enable') level = 1
      if (line === 'correct-horse') level = 2
      return `${line === 'correct-horse' ? '' : line}\r\n${prompts[level]}`
    })
    const session = sessionOn(router, withSteps(steps))

    await session.open({ password: 'correct-horse' })

    expect(session.prompt).toBe('sw(diag)#')
  })
})
