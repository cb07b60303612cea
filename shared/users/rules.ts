/** Why a text is no mail address; undefined where it is one, or empty. */
export const emailProblem = (email: string): string | undefined =>
  email === '' || /^[^\s@]+@[^\s@]+$/.test(email) ? undefined : 'not an e-mail address'
