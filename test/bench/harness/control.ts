/**
 * The A/A control: in each workload one subject is measured twice, under two names. The two differ by nothing but chance, so
 * what lies between them is what the run cannot tell apart.
 */

/** The second name. */
export function againOf(name: string): string {
  return `${name} again`;
}

/** Who is measured twice: the first of ours, for the verdict is about those, or else the first of all. */
export function controlOf<Subject extends { readonly name: string }>(
  subjects: readonly Subject[],
): Subject | undefined {
  return subjects.find(({ name }) => name.startsWith('mp-lanes')) ?? subjects[0];
}
