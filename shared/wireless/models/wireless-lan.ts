import { defineModel } from '../../model/define.ts'
import { choice, ref, secret, tags, text } from '../../model/fields.ts'

export const wirelessLan = defineModel({
  name: 'wireless.wirelesslan',
  path: 'wireless-lans',
  label: 'Wireless LAN',
  labelPlural: 'Wireless LANs',
  fields: {
    ssid: text({ max: 32, label: 'SSID' }),
    status: choice(
      { active: 'Active', reserved: 'Reserved', disabled: 'Disabled', deprecated: 'Deprecated' },
      { default: 'active' },
    ),
    vlan: ref('ipam.vlan', { optional: true }),
    auth_type: choice(
      { open: 'Open', wep: 'WEP', 'wpa-personal': 'WPA personal (PSK)', 'wpa-enterprise': 'WPA enterprise' },
      { optional: true },
    ),
    auth_cipher: choice({ auto: 'Auto', tkip: 'TKIP', aes: 'AES' }, { optional: true }),
    auth_psk: secret({ max: 64, optional: true, help: 'Pre-shared key' }),
    description: text({ default: '' }),
    comments: text({ default: '', multiline: true }),
    tags: tags(),
  },
  unique: [['ssid']],
  onDelete: { vlan: 'clear', tags: 'clear' },
  search: ['ssid', 'description', 'comments'],
  columns: ['ssid', 'status', 'auth_type', 'description'],
  display: 'ssid',
  brief: ['ssid', 'description'],
})
