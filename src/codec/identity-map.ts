/**
 * What became of each object of one message. Objects are only added, each once.
 *
 * Most messages hold a few objects, among which a search in a list is several times as fast as a hash; and V8 keeps a
 * large hash table where each growth costs more than all that it holds (450 ns an object at 10,000 objects, against 30 at
 * 4,000). So there are lists first, then maps of a size that stays small, and at last one map for all the rest.
 */
const maxListed = 16;
const maxPerMap = 4000;
const maxSmallMaps = 8;

export class IdentityMap<T> {
  private objects: object[] = [];
  private values: T[] = [];
  private readonly maps: Map<object, T>[] = [];
  private last: Map<object, T> | undefined;
  /** How many objects there are. */
  size = 0;

  get(object: object): T | undefined {
    const { last } = this;
    if (last === undefined) {
      const at = this.objects.indexOf(object);
      return at < 0 ? undefined : this.values[at];
    }
    const value = last.get(object);
    if (value !== undefined || this.maps.length === 1) return value;
    for (const map of this.maps) {
      const older = map.get(object);
      if (older !== undefined) return older;
    }
    return undefined;
  }

  /** Adds an object that is not there yet. */
  add(object: object, value: T): void {
    if (this.size++ < maxListed) {
      this.objects.push(object);
      this.values.push(value);
      return;
    }
    (this.last ?? this.nextMap()).set(object, value);
    if (this.size % maxPerMap === 0 && this.maps.length <= maxSmallMaps) this.nextMap();
  }

  private nextMap(): Map<object, T> {
    const map = new Map<object, T>();
    this.objects.forEach((object, at) => map.set(object, this.values[at] as T));
    this.objects = this.values = [];
    this.maps.push(map);
    return (this.last = map);
  }
}
