-- { span.http.response.status_code >= 500 }
SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest
FROM spans
WHERE tenant = {tenant:String}
  AND (start >= fromUnixTimestamp64Nano({p2:Int64}) AND start <= fromUnixTimestamp64Nano({p3:Int64}) AND intDiv(toUnixTimestamp64Nano(start), 300000000000) >= {p4:Int64} AND intDiv(toUnixTimestamp64Nano(start), 300000000000) <= {p5:Int64})
  AND (((http_response_status_code != 0 AND http_response_status_code >= {p0:Int64}) OR ((http_response_status_code = 0 AND mapContains(attributes_int, {p1:String})) AND attributes_int[{p1:String}] >= {p0:Int64}) OR (mapContains(attributes_double, {p1:String}) AND attributes_double[{p1:String}] >= {p0:Int64})))
GROUP BY trace_id
ORDER BY max(start) DESC, trace_id DESC LIMIT {p6:UInt64}
-- tenant: "acme"
-- p0: "500"
-- p1: "http.response.status_code"
-- p2: "1760000000000000000"
-- p3: "1760000299999999999"
-- p4: "5866666"
-- p5: "5866667"
-- p6: "20"
