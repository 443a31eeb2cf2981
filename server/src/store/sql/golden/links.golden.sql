-- { link:traceID = "1f" || link.kind != nil }: exact
(arrayExists(element -> element = {p1:String}, arrayMap(value -> lower(hex(substring(value, 2, 16))), arrayFilter(value -> startsWith(value, '1'), events_and_links.values))) OR notEmpty(arrayMap(value -> concat(lower(substring(value, 1, 1)), substring(value, 2)), arrayFilter((value, name) -> name = {p0:String} AND value >= 'A' AND value < 'a', events_and_links.values, events_and_links.keys))))
-- tenant: "acme"
-- p0: "kind"
-- p1: "0000000000000000000000000000001f"
