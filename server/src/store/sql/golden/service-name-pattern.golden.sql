-- { resource.service.name =~ "ca.*" }
SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest
FROM spans
WHERE tenant = {tenant:String}
  AND (start >= fromUnixTimestamp64Nano({p4:Int64}) AND start <= fromUnixTimestamp64Nano({p5:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p6:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p7:Int64})
  AND (((service != 'unknown_service'
  AND (service LIKE {p2:String} AND position(service, '\n') = 0)) OR (service = 'unknown_service' AND resource_id IN (SELECT id
FROM resources
WHERE tenant = {tenant:String}
  AND ((mapContains(attributes_string, {p1:String})
  AND (attributes_string[{p1:String}] LIKE {p3:String} AND position(attributes_string[{p1:String}], '\n') = 0)))))))
GROUP BY trace_id
ORDER BY max(start) DESC, trace_id DESC LIMIT {p8:UInt64}
-- tenant: "acme"
-- p0: "ca.*"
-- p1: "service.name"
-- p2: "ca%"
-- p3: "ca%"
-- p4: "1760000000000000000"
-- p5: "1760000299999999999"
-- p6: "5866666"
-- p7: "5866667"
-- p8: "20"
