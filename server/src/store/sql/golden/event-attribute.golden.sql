-- { event.level = "warn" }: exact
arrayExists(tagged -> arrayExists(element -> element = {p0:String}, arrayMap(value -> substring(value, 2), arrayFilter(value -> startsWith(value, 's'), tagged))), [arrayFilter(value -> value != '', arrayMap(pairs -> pairs[{p1:String}], event_attributes))])
-- tenant: "acme"
-- p0: "warn"
-- p1: "level"
