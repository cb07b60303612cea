import { cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const dellForce10: Platform = {
  id: 'dell_force10',
  name: 'Dell OS9, Force10 FTOS',
  aliases: ['dell_dnos9', 'dell_os9'],
  sources: [
    'Dell Command Line Reference Guide: terminal length, show running-config, show inventory',
    'Netmiko 4.6.0, facts of the driver DellForce10SSH',
    'Oxidized 0.37, facts of the model ftos',
    'RANCID 3.14, facts of the type force10',
    'RANCID 3.14, facts of the type dnos9',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enable,
  onOpen: [
    { send: 'terminal length 0', optional: true },
    { send: 'terminal width 0', optional: true },
  ],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { contains: [/^! Version /] } },
    serial: { command: 'show inventory' },
    os: { command: 'show version' },
  },
  facts: [
    {
      of: 'os',
      pattern:
        /^(?:Dell )?(?:EMC )?(?:Networking OS|Application Software|Force10 Operating System|OS) ?(?:Software )?Version: {1,8}(?<version>\S{1,30})/,
    },
    {
      of: 'os',
      pattern: /^(?:Dell (?:EMC )?)?(?:Networking )?(?:System|Chassis) Type: {1,8}(?<model>\S{1,30})/,
    },
    { of: 'serial', pattern: /^\*? {1,8}\d {1,8}\S{1,30} {1,12}(?<serial>\w{10,40}) / },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: {
    answer: {
      command: 'show version',
      line: /Force10|Dell (?:EMC )?(?:Networking OS|Real Time Operating System)/,
    },
  },
  rejections: [...cliRefusals],
  volatile: [
    /^! Last configuration change at /,
    /^! Startup-config last updated at /,
    /^Current Configuration \.\.\.$/,
  ],
  lastChange: /^! Last configuration change at (?<at>[\w *.:+-]{8,48}) by (?<by>[\w.@\\-]{1,64})$/,
  secrets: [...lineSecrets],
}
