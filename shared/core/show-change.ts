import type * as z from 'zod'
import type { Change } from '../model/change.ts'
import { urlOf, type Links } from '../model/output.ts'
import { user } from '../users/models/user.ts'
import type { ObjectChange } from './routes.ts'

const labels = { create: 'Created', update: 'Updated', delete: 'Deleted' } as const

/** A change record in the shape of NetBox's object change. */
export function showChange(links: Links, change: Change): z.input<typeof ObjectChange> {
  const { changeId, userId, username, action } = change
  return {
    id: changeId,
    url: `${links.origin}/api/core/object-changes/${changeId}/`,
    display: `${labels[action]} ${change.display}`,
    time: change.at,
    user:
      userId === null ? null : { id: userId, url: urlOf(links, user, userId), display: username, username },
    user_name: username,
    request_id: change.requestId,
    action: { value: action, label: labels[action] },
    changed_object_type: change.model,
    changed_object_id: change.objectId,
    object_repr: change.display,
    message: change.message,
    token_id: change.tokenId,
    prechange_data: change.before,
    postchange_data: change.after,
    changed_secrets: change.secrets,
  }
}
