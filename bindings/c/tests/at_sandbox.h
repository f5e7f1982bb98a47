/* How is an example that knows only the real hosts turned to the sandbox?
 *
 * four_lines.c is the README's snippet, letter by letter. The tests compile it with `-include at_sandbox.h`.
 */
#include "../examples/environment.h"

#define active_client_new(provider, client_id) from_environment(active_client_new(provider, client_id))
