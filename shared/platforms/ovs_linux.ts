import { lessPagers, shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const ovsLinux: Platform = {
  id: 'ovs_linux',
  name: 'Open vSwitch on Linux',
  sources: ['ovs-vsctl(8), ovs-ofctl(8)', 'Netmiko 4.6.0, facts of the driver OvsLinuxSSH'],
  prompt: /^(?:\[?[\w.+-]{1,64}@[\w.-]{1,64}[: ].{0,100}|[\w.-]{0,64})[#$]$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...lessPagers],
  captures: {
    running: {
      command: "export PATH=$PATH:/usr/sbin:/sbin; ovs-vsctl show && echo '# end of' configuration",
      complete: { lastLine: /^# end of configuration$/ },
    },
    serial: {
      command:
        'for id in product_name product_serial; do echo "$id: $(cat /sys/class/dmi/id/$id 2>/dev/null)"; done',
    },
    os: { command: 'ovs-vsctl --version' },
  },
  facts: [
    { of: 'serial', pattern: /^product_serial: (?<serial>\S{1,60})/ },
    { of: 'serial', pattern: /^product_name: (?<model>[^\n]{1,80})/ },
    { of: 'os', pattern: /\(Open vSwitch\) (?<version>\S{1,20})/ },
    { of: 'prompt', pattern: /@(?<hostname>[\w-]{1,64})/ },
  ],
  rejections: [...shellRefusals, /^ovs-vsctl: /],
  volatile: [],
  secrets: [],
}
