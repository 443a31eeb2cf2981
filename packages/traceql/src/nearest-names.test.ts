import { describe, expect, it } from 'vitest';
import { nearestNames } from './nearest-names.ts';

const KNOWN = [
  ...['http.request.method', 'http.response.status_code', 'http.route', 'service.name', 'service.namespace'],
  ...['db.system.name', 'user.id', 'cart.size', 'messaging.destination.name'],
];

describe('nearestNames', () => {
  it.each([
    ['http_route', ['http.route']],
    ['HTTP.Route', ['http.route']],
    ['httpRoute', ['http.route']],
    ['http.rute', ['http.route']],
    ['route', ['http.route']],
    ['user', ['user.id']],
    ['http.status_code', ['http.response.status_code']],
    ['status_code', ['http.response.status_code']],
    ['servce.name', ['service.name']],
    ['service.names', ['service.name', 'service.namespace']],
    ['destination', ['messaging.destination.name']],
    ['http.route', []],
    ['', []],
    ['x', []],
    ['entirely different', []],
  ])('finds for %s: %s', (name, expected) => {
    expect(nearestNames(name, KNOWN)).toEqual(expected);
  });

  it('gives no more than asked for', () => {
    expect(nearestNames('name', KNOWN, 2)).toEqual(['service.name', 'db.system.name']);
  });
});
