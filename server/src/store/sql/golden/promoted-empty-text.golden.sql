-- { span.http.route = "" }
SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest
FROM spans
WHERE tenant = {tenant:String}
  AND (start >= fromUnixTimestamp64Nano({p2:Int64}) AND start <= fromUnixTimestamp64Nano({p3:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p4:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p5:Int64})
  AND (((http_route = '' AND mapContains(attributes_string, {p1:String})) AND '' = {p0:String}))
GROUP BY trace_id
ORDER BY max(start) DESC, trace_id DESC LIMIT {p6:UInt64}
-- tenant: "acme"
-- p0: ""
-- p1: "http.route"
-- p2: "1760000000000000000"
-- p3: "1760000299999999999"
-- p4: "5866666"
-- p5: "5866667"
-- p6: "20"
