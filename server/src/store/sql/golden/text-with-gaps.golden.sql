-- { name =~ ".*foo.*|GET_/.*" && span.cart.id !~ "a[0-9]+" }: exact
(((name LIKE {p5:String} AND position(name, '\n') = 0) OR (name LIKE {p6:String} AND position(name, '\n') = 0)) AND (mapContains(attributes_string, {p1:String}) AND NOT (startsWith(attributes_string[{p1:String}], {p3:String}) AND match(attributes_string[{p1:String}], {p2:String}))))
-- tenant: "acme"
-- p0: "a[0-9]+"
-- p1: "cart.id"
-- p2: "\\A(?-s:a[0-9]+)\\z"
-- p3: "a"
-- p4: ".*foo.*|GET_/.*"
-- p5: "%foo%"
-- p6: "GET\\_/%"
