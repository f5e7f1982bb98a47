dnl Where is libactive? pkg-config knows: PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig ./configure --with-active
PHP_ARG_WITH([active],
  [for the OAuth 2.0 client of Active],
  [AS_HELP_STRING([--with-active], [Include the OAuth 2.0 client of Active (libactive, found by pkg-config)])])

if test "$PHP_ACTIVE" != "no"; then
  PKG_CHECK_MODULES([ACTIVE], [active >= 0.1.0])
  PHP_EVAL_INCLINE([$ACTIVE_CFLAGS])
  PHP_EVAL_LIBLINE([$ACTIVE_LIBS], [ACTIVE_SHARED_LIBADD])
  PHP_SUBST([ACTIVE_SHARED_LIBADD])
  PHP_ADD_EXTENSION_DEP([active], [json])
  PHP_NEW_EXTENSION([active],
    [extension.c agent.c client.c ask.c authorize.c call.c session.c callables.c digest.c exchange.c step.c request.c reply.c token.c user.c login.c document.c approval.c key.c jws.c provider.c registration.c access.c challenge.c step_up.c loopback.c error.c now.c texts.c object.c],
    [$ext_shared],,
    [-std=gnu11 -fvisibility=hidden -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -DZEND_ENABLE_STATIC_TSRMLS_CACHE=1])
fi
