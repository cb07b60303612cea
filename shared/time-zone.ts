/** Why a text is no IANA time zone; undefined where it is one. Old names such as `Asia/Calcutta` are taken. */
export function timeZoneProblem(name: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    return undefined
  } catch {
    return 'no time zone of this name, such as Europe/Berlin'
  }
}
