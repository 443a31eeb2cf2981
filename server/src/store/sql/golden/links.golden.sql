-- { link:traceID = "1f" || link.kind != nil }: exact
(arrayExists(element -> element = {p1:String}, arrayMap(id -> lower(hex(id)), link_trace_id)) OR notEmpty(arrayFilter(value -> value != '', arrayMap(pairs -> pairs[{p0:String}], link_attributes))))
-- tenant: "acme"
-- p0: "kind"
-- p1: "0000000000000000000000000000001f"
