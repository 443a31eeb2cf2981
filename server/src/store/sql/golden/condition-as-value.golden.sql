-- { (name = "a") != (status = error) }: exact
(NOT ((name = {p0:String} AND status = {p1:Int64}) OR ((NOT name = {p0:String}) AND (NOT status = {p1:Int64}))))
-- tenant: "acme"
-- p0: "a"
-- p1: "2"
