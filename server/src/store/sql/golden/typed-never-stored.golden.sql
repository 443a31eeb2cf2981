-- { .nothing = "x" || .nothing != nil }
SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest
FROM spans
WHERE tenant = {tenant:String}
  AND (start >= fromUnixTimestamp64Nano({p5:Int64}) AND start <= fromUnixTimestamp64Nano({p6:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p7:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p8:Int64})
  AND (false)
GROUP BY trace_id
ORDER BY max(start) DESC, trace_id DESC LIMIT {p9:UInt64}
-- tenant: "acme"
-- p0: "nothing"
-- p1: "nothing"
-- p2: "x"
-- p3: "nothing"
-- p4: "nothing"
-- p5: "1760000000000000000"
-- p6: "1760000299999999999"
-- p7: "5866666"
-- p8: "5866667"
-- p9: "20"
