-- { event.level != "warn" }: exact
(has(mapKeys(events_and_links), {p1:String}) AND arrayExists(tagged -> (length(tagged) > 0 AND arrayCount(element -> element != {p0:String}, arrayMap(value -> substring(value, 2), arrayFilter(value -> startsWith(value, 's'), tagged))) = length(tagged)), [arrayFilter((value, name) -> name = {p1:String} AND value >= 'a', mapValues(events_and_links), mapKeys(events_and_links))]))
-- tenant: "acme"
-- p0: "warn"
-- p1: "level"
