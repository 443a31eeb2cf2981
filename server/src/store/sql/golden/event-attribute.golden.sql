-- { event.level = "warn" }: exact
(has(arrayFilter(value -> value >= 's', mapValues(events_and_links)), concat('s', {p0:String})) AND (has(mapKeys(events_and_links), {p1:String}) AND arrayExists(tagged -> arrayExists(element -> element = {p0:String}, arrayMap(value -> substring(value, 2), arrayFilter(value -> startsWith(value, 's'), tagged))), [arrayFilter((value, name) -> name = {p1:String} AND value >= 'a', mapValues(events_and_links), mapKeys(events_and_links))])))
-- tenant: "acme"
-- p0: "warn"
-- p1: "level"
