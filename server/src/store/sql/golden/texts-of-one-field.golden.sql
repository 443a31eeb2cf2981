-- { span.cart.id = "a" || span.cart.id = "b" || resource.service.name =~ "x|y" }: exact
((hasAny(mapValues(attributes_string), {p2:Array(String)}) AND attributes_string[{p3:String}] IN {p2:Array(String)}) OR service IN {p0:Array(String)})
-- tenant: "acme"
-- p0: ["x","y"]
-- p1: "service.name"
-- p2: ["b","a"]
-- p3: "cart.id"
