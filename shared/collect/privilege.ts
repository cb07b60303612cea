import type { Privilege } from '../platforms/definition.ts'
import type { Dialogue } from './dialogue.ts'
import { CollectFailure } from './failure.ts'
import type { Credential } from './request.ts'

/** What may be asked for on the way up. */
export type Secrets = Partial<Pick<Credential, 'username' | 'password' | 'enableSecret'>>

/**
 * Takes one step up where the prompt says that it is needed, and believes the prompt that it leads to. A refused secret
 * is never sent again: devices lock accounts. `privilege`.
 */
export async function raisePrivilege(dialogue: Dialogue, step: Privilege, secrets: Secrets): Promise<void> {
  if (!step.from.test(dialogue.prompt)) return
  const { inbox } = dialogue
  const asksName = (): boolean => step.usernamePrompt?.test(inbox.lastLine()) ?? false
  const asksSecret = (): boolean => !asksName() && (step.secretPrompt?.test(inbox.lastLine()) ?? false)
  const asks = (): boolean => asksName() || asksSecret()
  const refusalIn = (text: string): string | undefined =>
    text.split('\n').find((line) => step.refused.some((refused) => refused.test(line)))
  let shown = ''
  dialogue.send(step.command)
  await dialogue.expect(() => asks() || (dialogue.hasEcho() && dialogue.looksLikePrompt()))
  const answer = async (value: string): Promise<void> => {
    shown += inbox.text()
    inbox.clear()
    dialogue.write(value)
    await dialogue.expect(() => asks() || dialogue.looksLikePrompt())
  }
  if (asksName()) await answer(secrets.username ?? '')
  if (asksSecret()) {
    const secret = step.secret === 'password' ? secrets.password : (secrets.enableSecret ?? blankOf(step))
    if (secret === undefined)
      throw new CollectFailure(
        'privilege',
        'the device asks for an enable secret and the credential has none',
      )
    await answer(secret)
  }
  await dialogue.settled(asks)
  const refusal = refusalIn(shown + inbox.text())
  if (refusal !== undefined || asks() || step.from.test(inbox.lastLine())) {
    throw new CollectFailure(
      'privilege',
      `\`${step.command}\` was refused${refusal ? `: ${refusal.trim()}` : ''}`,
    )
  }
  dialogue.believe(inbox.lastLine())
}

/** Some platforms ask for a secret although none is set, and take an empty line. */
const blankOf = ({ secret }: Privilege): string | undefined => (secret === 'blank' ? '' : undefined)
