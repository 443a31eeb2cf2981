-- { link:traceID = "1f" || link.kind != nil }: exact
((has(arrayFlatten(arrayMap(value -> [substring(value, 2, 16), substring(value, 18, 8)], arrayFilter(value -> startsWith(value, '1'), mapValues(events_and_links)))), unhex({p1:String})) AND arrayExists(element -> element = {p1:String}, arrayMap(value -> lower(hex(substring(value, 2, 16))), arrayFilter(value -> startsWith(value, '1'), events_and_links.values)))) OR (has(mapKeys(events_and_links), {p0:String}) AND notEmpty(arrayMap(value -> concat(lower(substring(value, 1, 1)), substring(value, 2)), arrayFilter((value, name) -> name = {p0:String} AND value >= 'A' AND value < 'a', mapValues(events_and_links), mapKeys(events_and_links))))))
-- tenant: "acme"
-- p0: "kind"
-- p1: "0000000000000000000000000000001f"
