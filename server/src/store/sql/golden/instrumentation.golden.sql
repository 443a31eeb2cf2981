-- { instrumentation:name = "net/http" && instrumentation.lang = "go" }: exact
(scope_id IN (SELECT id FROM scopes WHERE tenant = {tenant:String} AND (CAST(name, 'String') = {p2:String})) AND scope_id IN (SELECT id FROM scopes WHERE tenant = {tenant:String} AND ((has(mapValues(attributes_string), {p0:String}) AND attributes_string[{p1:String}] = {p0:String}))))
-- tenant: "acme"
-- p0: "go"
-- p1: "lang"
-- p2: "net/http"
