-- { event:name =~ "ex.*" && event:timeSinceStart < 1ms }: exact
(arrayExists(element -> (element LIKE {p2:String} AND position(element, '\n') = 0), event_name) AND (arrayCount(element -> element < {p0:Int64}, arrayMap(time -> toUnixTimestamp64Nano(time) - toUnixTimestamp64Nano(start), event_time)) > 0))
-- tenant: "acme"
-- p0: "1000000"
-- p1: "ex.*"
-- p2: "ex%"
