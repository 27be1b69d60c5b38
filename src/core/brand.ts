/**
 * Marks the prototypes of our platform objects (`MessagePort`, `AbortSignal`, `Event`, …), so that the structured
 * clone algorithm refuses them as the standard asks: a platform object is cloned only if it is serializable.
 * By `Symbol.for`, because two bundles of the library may meet in one realm.
 */
export const platformObject: unique symbol = Symbol.for('mp-lanes.platformObject') as never;
