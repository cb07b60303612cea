import { defineModel } from '../../model/define.ts'
import { bool, secret, text } from '../../model/fields.ts'
import { branchProblem, remoteProblems } from '../remotes/address.ts'

/** A git repository elsewhere, such as at GitHub, GitLab, Gitea or CodeCommit, that the history is pushed to after each run. */
export const gitRemote = defineModel({
  name: 'backups.gitremote',
  path: 'git-remotes',
  label: 'Git remote',
  labelPlural: 'Git remotes',
  fields: {
    name: text({ max: 100 }),
    enabled: bool({ default: true, help: 'Push to it after each run' }),
    remote_url: text({ max: 1000, help: 'https://…, as for git clone' }),
    branch: text({ max: 200, default: 'main', check: branchProblem, help: 'Branch of the remote' }),
    username: text({
      max: 200,
      default: '',
      help: 'GitHub and GitLab take any name with a token; CodeCommit that of the git credentials',
    }),
    token: secret({ optional: true, max: 4000, help: 'Access token or password that may push' }),
    ca_certificate: text({
      multiline: true,
      default: '',
      help: 'PEM of the authority that vouches for the server, where it is no public one',
    }),
    description: text({ default: '' }),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  search: ['name', 'remote_url', 'description'],
  columns: ['name', 'enabled', 'remote_url', 'branch'],
  referrers: 'none',
  check: remoteProblems,
})
