-- { resource.service.name =~ "ca.*" }
SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest, toString(count()) AS matched
FROM spans
WHERE tenant = {tenant:String}
  AND (start >= fromUnixTimestamp64Nano({p0:Int64}) AND start <= fromUnixTimestamp64Nano({p1:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p2:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p3:Int64})
  AND (((service != 'unknown_service'
  AND (service LIKE {p6:String} AND position(service, '\n') = 0)) OR (service = 'unknown_service' AND resource_id IN (SELECT id
FROM resources
WHERE tenant = {tenant:String}
  AND ((mapContains(attributes_string, {p5:String})
  AND (attributes_string[{p5:String}] LIKE {p7:String} AND position(attributes_string[{p5:String}], '\n') = 0)))))))
GROUP BY trace_id
ORDER BY max(start) DESC, trace_id DESC LIMIT {p8:UInt64}
-- tenant: "acme"
-- p0: "1760000000000000000"
-- p1: "1760000299999999999"
-- p2: "5866666"
-- p3: "5866667"
-- p4: "ca.*"
-- p5: "service.name"
-- p6: "ca%"
-- p7: "ca%"
-- p8: "20"
