import { defineModel } from '../../model/define.ts'
import { bool, secret, text } from '../../model/fields.ts'
import { hashPassword, passwordLengthMin } from '../password.ts'

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
    email: text({
      max: 254,
      default: '',
      check: (email) =>
        email === '' || /^[^\s@]+@[^\s@]+$/.test(email) ? undefined : 'not an e-mail address',
    }),
    /** By it `tokens/provision/` gives a token; without one there is no way but the tokens that exist. */
    password: secret({ min: passwordLengthMin, max: 200, optional: true, hash: hashPassword }),
    is_active: bool({ default: true }),
    is_superuser: bool({ default: false }),
  },
  unique: [{ fields: ['username'], ignoreCase: true }],
  search: ['username', 'first_name', 'last_name', 'email'],
  columns: ['username', 'first_name', 'last_name', 'email', 'is_active', 'is_superuser'],
  display: 'username',
  brief: ['username'],
})
