-- { .nothing = "x" || .nothing != nil }
SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest, toString(count()) AS matched
FROM spans
WHERE tenant = {tenant:String}
  AND (start >= fromUnixTimestamp64Nano({p0:Int64}) AND start <= fromUnixTimestamp64Nano({p1:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p2:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p3:Int64})
  AND (false)
GROUP BY trace_id
ORDER BY max(start) DESC, trace_id DESC LIMIT {p9:UInt64}
-- tenant: "acme"
-- p0: "1760000000000000000"
-- p1: "1760000299999999999"
-- p2: "5866666"
-- p3: "5866667"
-- p4: "nothing"
-- p5: "nothing"
-- p6: "x"
-- p7: "nothing"
-- p8: "nothing"
-- p9: "20"
