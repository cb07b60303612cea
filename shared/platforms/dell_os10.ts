import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const dellOs10: Platform = {
  id: 'dell_os10',
  name: 'Dell SmartFabric OS10',
  sources: [
    'Dell SmartFabric OS10 User Guide: terminal length, show running-configuration, show inventory',
    'Netmiko 4.6.0, facts of the driver DellOS10SSH',
    'Oxidized 0.37, facts of the model os10',
    'RANCID 3.14, facts of the type dnos10',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }, { send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-configuration', complete: { contains: [/^! Version /] } },
    serial: { command: 'show inventory' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^OS Version: (?<version>\S{1,30})/ },
    { of: 'os', pattern: /^System Type: (?<model>\S{1,30})/ },
    { of: 'serial', pattern: /^Service [Tt]ag {0,8}: {0,4}(?<serial>\S{1,30})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: {
    answer: { command: 'show version', line: /Dell (?:EMC )?(?:SmartFabric OS10|Networking OS10)/ },
  },
  rejections: [...cliRefusals],
  volatile: [/^! Last configuration change at /],
  secrets: [...lineSecrets],
}
