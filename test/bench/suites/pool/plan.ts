/** The name of the one workload. */
export const workload = 'mixed';
