-- { }
SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest
FROM spans
WHERE tenant = {tenant:String}
  AND (start >= fromUnixTimestamp64Nano({p0:Int64}) AND start <= fromUnixTimestamp64Nano({p1:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p2:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p3:Int64})
  AND (true)
GROUP BY trace_id
ORDER BY max(start) DESC, trace_id DESC LIMIT {p4:UInt64}
-- tenant: "acme"
-- p0: "1760000000000000000"
-- p1: "1760000299999999999"
-- p2: "5866666"
-- p3: "5866667"
-- p4: "20"
