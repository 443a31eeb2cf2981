-- { rootName = "checkout" && traceDuration > 2s }
SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest
FROM spans
WHERE tenant = {tenant:String}
  AND (start >= fromUnixTimestamp64Nano({p12:Int64}) AND start <= fromUnixTimestamp64Nano({p13:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p14:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p15:Int64})
  AND ((trace_id IN (SELECT trace_id
FROM (SELECT trace_id, start, span_id, name, service
FROM spans
WHERE tenant = {tenant:String}
  AND (start >= fromUnixTimestamp64Nano({p4:Int64}) AND start <= fromUnixTimestamp64Nano({p5:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p6:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p7:Int64})
  AND (parent_span_id = toFixedString('', 8)) UNION ALL SELECT trace_id, start, span_id, name, service
FROM spans
WHERE tenant = {tenant:String}
  AND (trace_id IN (SELECT trace_id
FROM trace_times
WHERE tenant = {tenant:String}
  AND (trace_id IN (SELECT trace_id
FROM trace_times
WHERE tenant = {tenant:String}
  AND (last_start_unix_nano >= {p10:Int64})
  AND (first_start_unix_nano < {p11:Int64})))
GROUP BY trace_id
HAVING min(first_start_unix_nano) < {p8:Int64} OR max(last_start_unix_nano) >= {p9:Int64}))
  AND (NOT (start >= fromUnixTimestamp64Nano({p4:Int64}) AND start <= fromUnixTimestamp64Nano({p5:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p6:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p7:Int64}))
  AND (parent_span_id = toFixedString('', 8)))
GROUP BY trace_id
HAVING argMin(name, (start, span_id, name, service)) = {p3:String}) AND trace_id IN (SELECT trace_id
FROM trace_times
WHERE tenant = {tenant:String}
  AND (trace_id IN (SELECT trace_id
FROM trace_times
WHERE tenant = {tenant:String}
  AND (last_start_unix_nano >= {p1:Int64})
  AND (first_start_unix_nano < {p2:Int64})))
GROUP BY trace_id
HAVING max(last_end_unix_nano) - min(first_start_unix_nano) > {p0:Int64})))
GROUP BY trace_id
ORDER BY max(start) DESC, trace_id DESC LIMIT {p16:UInt64}
-- tenant: "acme"
-- p0: "2000000000"
-- p1: "1760000000000000000"
-- p2: "1760000300000000000"
-- p3: "checkout"
-- p4: "1759999400000000000"
-- p5: "1760000899999999999"
-- p6: "5866664"
-- p7: "5866669"
-- p8: "1759999400000000000"
-- p9: "1760000900000000000"
-- p10: "1760000000000000000"
-- p11: "1760000300000000000"
-- p12: "1760000000000000000"
-- p13: "1760000299999999999"
-- p14: "5866666"
-- p15: "5866667"
-- p16: "20"
