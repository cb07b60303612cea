/** Has no export named as the template says. */
export const nothing = true
