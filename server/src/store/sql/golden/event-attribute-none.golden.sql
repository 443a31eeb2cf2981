-- { event.level != "warn" }: exact
(has(events_and_links.keys, {p1:String}) AND arrayExists(tagged -> (length(tagged) > 0 AND arrayCount(element -> element != {p0:String}, arrayMap(value -> substring(value, 2), arrayFilter(value -> startsWith(value, 's'), tagged))) = length(tagged)), [arrayFilter((value, name) -> name = {p1:String} AND value >= 'a', events_and_links.values, events_and_links.keys)]))
-- tenant: "acme"
-- p0: "warn"
-- p1: "level"
