import { desk } from '$lib/desk.svelte'
import { takeLooks } from '$lib/looks'

/** The settings may have changed since the popup was last seen: it takes its looks anew each time it appears. */
export function followLooks(): void {
  const seen = $derived(desk.view.popup.length > 0)
  $effect.root(() => {
    $effect(() => {
      if (seen) void takeLooks()
    })
  })
}
