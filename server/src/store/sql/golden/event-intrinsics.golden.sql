-- { event:name =~ "ex.*" && event:timeSinceStart < 1ms }: exact
(arrayExists(element -> (element LIKE {p2:String} AND position(element, '\n') = 0), arrayFilter((name, value) -> startsWith(value, '0'), mapKeys(events_and_links), mapValues(events_and_links))) AND (arrayCount(element -> element < {p0:Int64}, arrayMap(time -> time - toUnixTimestamp64Nano(start), arrayMap(value -> reinterpretAsInt64(substring(value, 2, 8)), arrayFilter(value -> startsWith(value, '0'), events_and_links.values)))) > 0))
-- tenant: "acme"
-- p0: "1000000"
-- p1: "ex.*"
-- p2: "ex%"
