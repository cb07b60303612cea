import type { Platform } from './definition.ts'

/**
 * A Linux machine has no running configuration as one text. What is kept is a bounded set: the files by which common
 * distributions configure the network, and the addresses and routes in force.
 */
const files = [
  '/etc/os-release',
  '/etc/hostname',
  '/etc/hosts',
  '/etc/resolv.conf',
  '/etc/network/interfaces',
  '/etc/network/interfaces.d/*',
  '/etc/netplan/*.yaml',
  '/etc/systemd/network/*.net*',
  '/etc/sysctl.d/*.conf',
].join(' ')

export const linux: Platform = {
  id: 'linux',
  name: 'Linux',
  aliases: ['corelight_linux'],
  missing: { corelight_linux: "the sensor's own configuration; only that of its Linux is kept" },
  sources: ['ip(8), interfaces(5), netplan(5), systemd.network(5), os-release(5)'],
  prompt: /^(?:\[?[\w.+-]{1,64}@[\w.-]{1,64}[: ].{0,100}|[\w.-]{0,64})[#$]$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [],
  captures: {
    running: {
      // The last words are put together by the shell, so the echo of the command cannot be taken for them.
      command: `export PATH=$PATH:/usr/sbin:/sbin; for file in ${files}; do if [ -f "$file" ]; then echo "# $file"; cat "$file"; echo; fi; done 2>&1; for what in link address route; do echo "# ip $what"; ip -br $what 2>/dev/null || ip $what; done; ip -6 route; echo '# end of' configuration`,
      complete: { lastLine: /^# end of configuration$/ },
    },
    serial: {
      command:
        'for id in product_name product_serial; do echo "$id: $(cat /sys/class/dmi/id/$id 2>/dev/null)"; done',
    },
    os: { command: 'uname -a' },
  },
  facts: [
    { of: 'serial', pattern: /^product_serial: (?<serial>\S{1,60})/ },
    { of: 'serial', pattern: /^product_name: (?<model>[^\n]{1,80})/ },
    { of: 'running', pattern: /^PRETTY_NAME="?(?<version>[^"\n]{1,80})/ },
    { of: 'os', pattern: /^Linux (?<hostname>[\w.-]{1,64}) / },
  ],
  identify: { answer: { command: 'uname -a', line: /^Linux / } },
  rejections: [/: (?:command )?not found$/, /^This account is currently not available/],
  volatile: [/ expires \d+sec/],
  secrets: [
    /^ {0,32}(?:wpa-psk|wpa-passphrase|wireless-key|password|psk|PrivateKey|PresharedKey|private-key|preshared-key|secret)(?: ?[:=] ?| )(?<secret>"[^"\n]{1,512}"|\S{1,512})/,
  ],
}
