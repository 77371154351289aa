/** How the state of a campaign looks beside its word. */
export const CAMPAIGN_MARK = { planned: '', held: 'mark-bad', running: 'mark-good', ended: '' } as const
