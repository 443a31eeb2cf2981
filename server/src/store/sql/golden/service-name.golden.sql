-- { resource.service.name = "cart" && duration > 1s && status = error }
SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest
FROM spans
WHERE tenant = {tenant:String}
  AND (start >= fromUnixTimestamp64Nano({p4:Int64}) AND start <= fromUnixTimestamp64Nano({p5:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p6:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p7:Int64})
  AND ((service = {p2:String} AND duration > {p1:Int64} AND status = {p0:Int64}))
GROUP BY trace_id
ORDER BY max(start) DESC, trace_id DESC LIMIT {p8:UInt64}
-- tenant: "acme"
-- p0: "2"
-- p1: "1000000000"
-- p2: "cart"
-- p3: "service.name"
-- p4: "1760000000000000000"
-- p5: "1760000299999999999"
-- p6: "5866666"
-- p7: "5866667"
-- p8: "20"
