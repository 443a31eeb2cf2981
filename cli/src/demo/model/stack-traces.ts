/** Stack traces as the shop's languages print them. */

export const NULL_CART_LINE = `System.NullReferenceException: Object reference not set to an instance of an object.
   at Shop.Cart.CartMerger.Merge(CartLine line, Promotion promotion) in /src/Cart/CartMerger.cs:line 88
   at Shop.Cart.CartService.AddItem(AddItemRequest request) in /src/Cart/CartService.cs:line 141
   at Shop.Cart.CartService.GetCart(GetCartRequest request) in /src/Cart/CartService.cs:line 67
   at Grpc.AspNetCore.Server.Internal.UnaryServerCallHandler.HandleCallAsyncCore(HttpContext context)`;

export const ACQUIRER_FAILED = `com.shop.payment.AcquirerException: acquirer answered 503 Service Unavailable
	at com.shop.payment.acquirer.AcquirerClient.authorize(AcquirerClient.java:112)
	at com.shop.payment.ChargeService.charge(ChargeService.java:74)
	at com.shop.payment.api.PaymentGrpcService.charge(PaymentGrpcService.java:41)
	at io.grpc.stub.ServerCalls$UnaryServerCallHandler.invoke(ServerCalls.java:182)
Caused by: java.io.IOException: HTTP 503 from api.acquirer.example
	at com.shop.http.RetryingClient.execute(RetryingClient.java:203)
	... 3 more`;

export const RESERVATION_TIMED_OUT = `reserve items: update stock_levels: pq: canceling statement due to statement timeout
goroutine 8812 [running]:
shop/inventory/store.(*Stock).Reserve(0xc0003b2000, {0x1a2b3c0, 0xc0007d4180}, {0xc000914000, 0x3, 0x4})
	/src/inventory/store/stock.go:156 +0x2e4
shop/inventory/server.(*Server).Reserve(0xc00011e0c0, {0x1a2b3c0, 0xc0007d4180}, 0xc0006aa0a0)
	/src/inventory/server/server.go:93 +0x1b8`;

export const OUT_OF_MEMORY = `Traceback (most recent call last):
  File "/app/recommendations/server.py", line 64, in for_user
    ranked = self.ranker.rank(candidates, features)
  File "/app/recommendations/ranker.py", line 131, in rank
    matrix = np.concatenate([matrix, features.toarray()])
numpy.core._exceptions._ArrayMemoryError: Unable to allocate 2.11 GiB for an array with shape (141312, 2000)`;

export const CARRIER_FAILED = `shipping::carrier::Error: all carriers failed: connection reset by peer
   0: shipping::carrier::quote_all at src/carrier.rs:88
   1: shipping::server::Shipping::quote at src/server.rs:52
   2: tonic::server::grpc::Grpc<T>::unary at tonic/src/server/grpc.rs:271`;

export const BAD_TERM = `search::query::ParseError: unbalanced quote at byte 14
   0: search::query::parse at src/query.rs:203
   1: search::server::search at src/server.rs:77`;
