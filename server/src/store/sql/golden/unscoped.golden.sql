-- { .region = "eu" }
SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest
FROM spans
WHERE tenant = {tenant:String}
  AND (start >= fromUnixTimestamp64Nano({p3:Int64}) AND start <= fromUnixTimestamp64Nano({p4:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p5:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p6:Int64})
  AND (((has(mapValues(attributes_string), {p0:String}) AND attributes_string[{p1:String}] = {p0:String}) OR (NOT (mapContains(attributes_string, {p1:String}) OR mapContains(attributes_int, {p1:String}) OR mapContains(attributes_double, {p1:String}) OR mapContains(attributes_bool, {p1:String}) OR mapContains(attributes_other, {p1:String})) AND resource_id IN (SELECT id
FROM resources
WHERE tenant = {tenant:String}
  AND ((has(mapValues(attributes_string), {p0:String}) AND attributes_string[{p2:String}] = {p0:String}))))))
GROUP BY trace_id
ORDER BY max(start) DESC, trace_id DESC LIMIT {p7:UInt64}
-- tenant: "acme"
-- p0: "eu"
-- p1: "region"
-- p2: "region"
-- p3: "1760000000000000000"
-- p4: "1760000299999999999"
-- p5: "5866666"
-- p6: "5866667"
-- p7: "20"
