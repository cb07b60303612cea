import { defineModel } from '../../model/define.ts'
import { bool, text } from '../../model/fields.ts'

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
    is_active: bool({ default: true }),
    is_superuser: bool({ default: false }),
  },
  unique: [{ fields: ['username'], ignoreCase: true }],
  search: ['username', 'first_name', 'last_name', 'email'],
  columns: ['username', 'first_name', 'last_name', 'email', 'is_active', 'is_superuser'],
  display: 'username',
  brief: ['username'],
})
