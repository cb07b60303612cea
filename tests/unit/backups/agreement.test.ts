import { describe, expect, test } from 'vitest'
import { isSameFact, isSameModel, isSameVersion } from '../../../shared/backups/facts/agreement.ts'

const cisco = ['Cisco Systems', 'cisco']

describe('a model is the one of a device type', () => {
  test.each([
    ['WS-C3850-24T', ['Catalyst 3850-24T', 'WS-C3850-24T', 'cisco-ws-c3850-24t'], cisco],
    ['WS-C3850-24T', ['C3850-24T', '', 'x'], cisco],
    ['C3850-24T', ['Catalyst 3850-24T', '', 'x'], cisco],
    ['cisco WS-C3850-24T', ['WS-C3850-24T', '', 'x'], cisco],
    ['C9300-48P', ['Catalyst 9300-48P', 'C9300-48P-A', 'x'], cisco],
    ['ISR4331/K9', ['ISR4331', '', 'isr4331'], cisco],
    ['ws-c2960x-48ts-l', ['WS-C2960X-48TS', '', 'x'], cisco],
    ['ex4300-48t', ['EX4300-48T', '', 'juniper-ex4300-48t'], ['Juniper', 'juniper']],
    ['DCS-7050SX-64', ['7050SX-64', '', 'x'], ['Arista', 'arista']],
    ['Aruba JL074A 3810M-48G-PoE+-4SFP+ Switch', ['Aruba 3810M-48G', 'JL074A', 'x'], ['HPE', 'hpe']],
    ['Any', ['Any', '', 'any'], ['Any', 'any']],
  ])('%s is %j of %j', (observed, names, maker) => {
    expect(isSameModel(observed, { names, maker })).toBe(true)
  })

  test.each([
    ['WS-C3850-24T', ['WS-C3850-48T', '', 'c3850-48t'], cisco],
    ['C3850-24', ['C3850-24-T', '', 'x'], cisco],
    ['EX4300-48T', ['EX4300-48P', '', 'x'], ['Juniper', 'juniper']],
    // Only Cisco's orders end in a licence: elsewhere the letter is part of the model.
    ['FG-100-E', ['FG-100', '', 'x'], ['Fortinet', 'fortinet']],
    ['3810M', ['', '', ''], []],
  ])('%s is not %j of %j', (observed, names, maker) => {
    expect(isSameModel(observed, { names, maker })).toBe(false)
  })
})

test.each([
  ['serial', 'foc1234x0ab', 'FOC1234X0AB', true],
  ['serial', 'FOC 1234 X0AB ', 'FOC1234X0AB', true],
  ['serial', 'FOC1234X0AB', 'FOC1234X0AC', false],
  ['hostname', 'SW1.ams.example.net', 'sw1', true],
  ['hostname', 'sw1.', 'sw1.fra.example.net', true],
  ['hostname', 'sw1', 'sw10', false],
  // An address has no domain.
  ['hostname', '10.0.0.1', '10.0.0.2', false],
  ['driver', 'cisco_ios_telnet', 'cisco_ios', true],
  ['driver', 'cisco_ios', 'cisco_nxos', false],
] as const)('as a %s, %s and %s: the same is %s', (name, one, other, expected) => {
  expect(isSameFact(name, one, other)).toBe(expected)
  expect(isSameFact(name, other, one)).toBe(expected)
})

test.each([
  ['17.3.1', 'IOS-XE 17.3.1', true],
  ['Version 17.3.1', 'v17.3.1', true],
  ['15.2(7)E3', '15.2(7)e3', true],
  ['17.3.1', '17.3.10', false],
  ['17.3.1', 'lab image', false],
  ['17.3.1', '', false],
])('the versions %s and %s: the same is %s', (observed, known, expected) => {
  expect(isSameVersion(observed, known)).toBe(expected)
})
