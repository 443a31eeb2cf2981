-- { nestedSetParent < 0 }: exact
(parent_span_id = toFixedString('', 8))
-- tenant: "acme"
