import { defineModel } from '../../model/define.ts'
import { bool, refs, secret, text } from '../../model/fields.ts'
import { hashPassword, passwordLengthMin } from '../password.ts'
import { emailProblem } from '../rules.ts'

export const user = defineModel({
  name: 'users.user',
  path: 'users',
  label: 'User',
  labelPlural: 'Users',
  fields: {
    username: text({
      max: 150,
      pattern: { regex: /^[\w.@+-]+$/, message: 'letters, digits and @ . + - _ only' },
    }),
    first_name: text({ max: 150, default: '' }),
    last_name: text({ max: 150, default: '' }),
    /** By it `tokens/provision/` gives a token; without one there is no way but the tokens that exist. */
    password: secret({ min: passwordLengthMin, max: 200, optional: true, hash: hashPassword }),
    email: text({ max: 254, default: '', check: emailProblem }),
    groups: refs('users.group', { filter: 'group' }),
    is_active: bool({ default: true }),
    is_superuser: bool({ default: false }),
  },
  unique: [{ fields: ['username'], ignoreCase: true }],
  onDelete: { groups: 'clear' },
  search: ['username', 'first_name', 'last_name', 'email'],
  columns: ['username', 'first_name', 'last_name', 'email', 'is_active', 'is_superuser'],
  display: 'username',
  brief: ['username'],
})
