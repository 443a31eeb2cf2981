-- { span.items * 2 + 1 > duration / 1ms }: exact
ifNull(((multiIf(mapContains(attributes_int, {p0:String}), attributes_int[{p0:String}], NULL) * {p1:Int64}) + {p2:Int64}) > if({p3:Int64} = -1, negate(toInt64(duration)), intDivOrNull(toInt64(duration), {p3:Int64})), false)
-- tenant: "acme"
-- p0: "items"
-- p1: "2"
-- p2: "1"
-- p3: "1000000"
