import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const checkpointGaia: Platform = {
  id: 'checkpoint_gaia',
  name: 'Check Point Gaia',
  sources: [
    'Check Point Gaia Administration Guide: set clienv, show configuration, show version all, show asset all',
    'Netmiko 4.6.0, facts of the driver CheckPointGaiaSSH',
    'Oxidized 0.37, facts of the model gaiaos',
  ],
  prompt: /^(?:\[[\w.:-]{1,64}\] ?)?[\w.@:-]{1,64}[#>]$/,
  onOpen: [{ send: 'set clienv rows 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show configuration',
      complete: { contains: [/^set /, /^(?:set|add) (?:hostname|interface|user|installer)\b/] },
    },
    serial: { command: 'show asset all' },
    os: { command: 'show version all' },
  },
  facts: [
    { of: 'os', pattern: /^Product version Check Point Gaia (?<version>\S{1,20})/ },
    { of: 'serial', pattern: /^(?:Serial Number|Chassis Serial Number): (?<serial>[^\n]{1,40})/ },
    { of: 'serial', pattern: /^(?:Model|Platform|Product Name): (?<model>[^\n]{1,60})/ },
    { of: 'running', pattern: /^set hostname (?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version all', line: /^Product version Check Point Gaia/ } },
  rejections: [/^(?:CLINFR|NMS|RTGRTG)\w{0,12} {1,4}(?:Invalid|Incomplete|Config lock)/, ...cliRefusals],
  volatile: [
    /^# (?:Exported|Configuration of|Language version|Platform|Uptime)[^\n]{0,200}? on /,
    /^# (?:Export|Uptime)/,
  ],
  secrets: [
    /^(?:set|add) (?:user|expert-password-hash|grub2-password-hash)[^\n]{0,80}?password-hash (?<secret>\S{1,512})/,
    /^set (?:expert|grub2?)-password-hash (?<secret>\S{1,512})/,
    /^(?:set|add) snmp [^\n]{0,120}?(?:community|auth-pass-phrase-hashed|privacy-pass-phrase-hashed|auth-pass-phrase|privacy-pass-phrase) (?<secret>\S{1,256})/,
    /(?<=^set snmp usm [^\n]{1,300} privacy-pass-phrase-hashed )(?<secret>\S{1,256})/,
    /^(?:set|add) aaa [^\n]{0,200}? (?:key|secret) (?<secret>\S{1,256})/,
    /^set (?:bgp|ospf|ripv2)[^\n]{0,200}? (?:secret|key) (?<secret>\S{2,256})$/,
  ],
  blocks: 'lines',
}
