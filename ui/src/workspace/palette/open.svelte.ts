/** What stands over the workspace: the palette of commands, or the list of shortcuts. */
export const over = $state<{ what: 'palette' | 'keys' | null }>({ what: null })
