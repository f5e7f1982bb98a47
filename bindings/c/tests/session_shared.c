/* Does a session share its token with other processes, and say what is wrong with it or its store? */
#define _POSIX_C_SOURCE 200809L
#include "sessions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* To be told of failures. */
static void failed(void *context, const active_error *error) { (void)context, (void)error; }

/* Every exchange of a session that was set up wrongly says so. */
static void says(active_session *session, active_kind kind, const char *part)
{
    active_client *client = client_of("buildpass");
    active_token *token = active_token_restore("{}");
    active_exchange *all[4];
    int i;
    all[0] = active_session_token(session);
    all[1] = active_session_call(session, "GET", "/v1/builders");
    all[2] = active_session_login(session, token);
    all[3] = active_session_logout(session);
    for (i = 0; i < 4; i++) {
        CHECK_FAILS(all[i], kind, part);
        active_exchange_free(all[i]);
    }
    CHECK_NUMBER(active_session_authorization(session, NULL, 0), 0);
    if (session) {
        const active_error *error = active_session_error(session);
        CHECK(error && active_session_error(session) == error);
        if (error) {
            CHECK_NUMBER(error->kind, kind);
            CHECK_HOLDS(error->message, part);
        }
    }
    active_session_forget_refusals(session);
    active_session_free(session);
    active_token_free(token);
    active_client_free(client);
}

static void what_is_wrong_with_a_session_is_told_by_each_exchange(void)
{
    active_client *client = client_of("buildpass"), *wrong = active_client_new("nobody", "id");
    active_session *session;
    says(NULL, ACTIVE_USAGE, "session: is NULL");
    says(active_session_new(NULL, NULL), ACTIVE_USAGE, "client: is NULL");
    says(active_session_new(wrong, NULL), ACTIVE_USAGE, "nobody");
    says(active_session_new(client, "cupboard:"), ACTIVE_USAGE, "the store's name: cupboard: is none of this build's; known are memory: file: keyring: redis:");
    says(active_session_new(client, ""), ACTIVE_USAGE, "the store's name");
    says(active_session_new(client, "file:relative"), ACTIVE_USAGE, "absolute");
    says(active_session_new(client, "redis:"), ACTIVE_USAGE, "redis://");
    says(active_session_new(client, "file:/tmp?danger_unencrypted=yes"), ACTIVE_STORE_FAILED, "other users may use /tmp");
    says(active_session_new(client, "\xff"), ACTIVE_USAGE, "UTF-8");
    session = active_session_new(client, NULL);
    active_session_grant(session, NULL, NULL, 0);
    active_session_user(session, NULL); /* the first thing that was wrong is told */
    says(session, ACTIVE_USAGE, "grant: is NULL");
    session = active_session_new(client, NULL);
    active_session_grant(session, "authorization_code", NULL, 0);
    says(session, ACTIVE_USAGE, "");
    session = active_session_new(client, NULL);
    active_session_grant(session, "refresh_token", SCOPE, 1);
    says(session, ACTIVE_USAGE, "refresh_token");
    session = active_session_new(client, NULL);
    active_session_grant(session, "client_credentials", NULL, 2);
    says(session, ACTIVE_USAGE, "parameters");
    session = active_session_new(client, NULL);
    active_session_user(session, NULL);
    says(session, ACTIVE_USAGE, "user");
    session = active_session_new(client, NULL);
    active_session_when_away(session, "panic");
    says(session, ACTIVE_USAGE, "fail or alone");
    session = active_session_new(client, NULL);
    active_session_margin_ms(session, -1);
    says(session, ACTIVE_USAGE, "margin");
    active_client_free(client);
    active_client_free(wrong);
}

static void a_session_that_is_set_up_after_its_first_use_says_so(void)
{
    int i;
    for (i = 0; i < 6; i++) {
        active_session *session = session_of_buildpass();
        active_exchange *x = active_session_token(session);
        if (i == 0) active_session_grant(session, "client_credentials", SCOPE, 1);
        if (i == 1) active_session_user(session, "jo");
        if (i == 2) active_session_when_away(session, "alone");
        if (i == 3) active_session_margin_ms(session, 1);
        if (i == 4) active_session_on_change(session, NULL, NULL);
        if (i == 5) active_session_on_error(session, failed, NULL);
        active_exchange_free(x);
        says(session, ACTIVE_USAGE, "set it up before");
    }
}

/* A new directory for a file store, and the name of the store in it. */
typedef struct {
    char directory[64], name[256], other_key[256];
} cupboard;

static cupboard new_cupboard(void)
{
    cupboard made;
    strcpy(made.directory, "/tmp/active-test-XXXXXX");
    if (!mkdtemp(made.directory)) abort();
    snprintf(made.name, sizeof made.name, "file:%s?key=%064d", made.directory, 7);
    snprintf(made.other_key, sizeof made.other_key, "file:%s?key=%064d", made.directory, 8);
    return made;
}

static void take_away(const cupboard *store)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", store->directory);
    CHECK(system(command) == 0);
}

static void a_store_is_read_and_written_in_steps_of_its_own(void)
{
    cupboard store = new_cupboard();
    active_client *client = client_of("buildpass");
    active_session *first = session_with(client, store.name), *second = session_with(client, store.name);
    active_exchange *x = active_session_token(first);
    int steps[6] = {0, 0, 0, 0, 0, 0};
    char *token;
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_STORE);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_STORE); /* not done yet: again */
    active_exchange_store(x);
    CHECK_NUMBER(run_later(x, 0, steps), ACTIVE_DONE);
    CHECK_NUMBER(steps[ACTIVE_SEND], 1);
    CHECK_NUMBER(steps[ACTIVE_SAVE], 0);
    CHECK(steps[ACTIVE_STORE] >= 4); /* lock, read, intend, save */
    token = token_by(second);
    CHECK_TEXT(token, active_exchange_token(x)->access_token);
    CHECK_NUMBER(counter("buildpass", "token_requests"), 1);
    free(token);
    active_exchange_free(x);
    active_session_free(first);
    active_session_free(second);
    active_client_free(client);
    take_away(&store);
}

static void a_store_that_cannot_be_used_is_told_with_a_word(void)
{
    cupboard store = new_cupboard();
    active_client *client = client_of("buildpass");
    active_session *session = session_with(client, store.name), *other = session_with(client, store.other_key);
    active_exchange *x;
    const active_error *error;
    free(token_by(session));
    x = active_session_token(other);
    error = CHECK_FAILS(x, ACTIVE_STORE_FAILED, "store: ");
    CHECK_TEXT(error->kind_name, "store");
    CHECK_TEXT(error->code, "wrong_key");
    CHECK(!error->transient && !error->ambiguous && !error->may_have_been_sent);
    CHECK(strstr(error->message, "00000") == NULL);
    CHECK_NUMBER(counter("buildpass", "token_requests"), 1);
    active_exchange_free(x);
    active_session_free(session);
    active_session_free(other);
    active_client_free(client);
    take_away(&store);
}

enum { PROCESSES = 8 };

/* Children that all begin when the pipe is closed. Each makes its own handles: one ended, another can go on. */
static void processes_with_one_store_make_one_token_request(void)
{
    cupboard store = new_cupboard();
    pid_t children[PROCESSES];
    int start[2], i;
    char nothing;
    if (pipe(start) != 0) abort();
    for (i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            active_client *client = client_of("buildpass");
            active_session *session = session_with(client, store.name);
            active_exchange *x = active_session_token(session);
            bool done;
            close(start[1]);
            done = read(start[0], &nothing, 1) == 0 && active_exchange_run(x) == ACTIVE_DONE;
            if (!done && active_exchange_error(x)) fprintf(stderr, "in a child: %s\n", active_exchange_error(x)->message);
            active_exchange_free(x);
            active_session_free(session);
            active_client_free(client);
            execl("/bin/sh", "sh", "-c", done ? "exit 0" : "exit 1", (char *)NULL);
            _exit(2);
        }
    }
    close(start[0]);
    close(start[1]);
    for (i = 0; i < PROCESSES; i++) {
        int status = -1;
        CHECK(waitpid(children[i], &status, 0) == children[i] && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    CHECK_NUMBER(counter("buildpass", "token_requests"), 1);
    take_away(&store);
}

/* In a child: what is at hand is used, and what is over is renewed by the child alone. It ends as another program, for valgrind's sake. */
static bool works_in_a_child(active_session *session, long long later_ms)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        active_exchange *x = active_session_token(session);
        bool done = run_later(x, later_ms, NULL) == ACTIVE_DONE;
        if (!done) fprintf(stderr, "in the child: %s\n", active_exchange_error(x)->message);
        active_exchange_free(x);
        active_session_free(session);
        execl("/bin/sh", "sh", "-c", done ? "exit 0" : "exit 1", (char *)NULL);
        _exit(2);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void a_forked_child_goes_on_with_the_session(void)
{
    active_session *session = session_of_buildpass();
    active_exchange *x;
    char *token = token_by(session), *again;
    CHECK(works_in_a_child(session, 0));
    CHECK_NUMBER(counter("buildpass", "token_requests"), 1);
    CHECK(works_in_a_child(session, 3600000));
    CHECK_NUMBER(counter("buildpass", "token_requests"), 2);
    again = token_by(session);
    CHECK_TEXT(again, token);
    free(token);
    free(again);

    /* Forked in the middle of a renewal, which is the parent's: the child doesn't wait for it. */
    x = active_session_token(session);
    {
        const active_now now = later(3600000);
        CHECK_NUMBER(active_exchange_step(x, &now), ACTIVE_SEND);
        CHECK(works_in_a_child(session, 3600000));
        CHECK_NUMBER(counter("buildpass", "token_requests"), 3);
        active_exchange_carry(x);
        CHECK_NUMBER(active_exchange_step(x, &now), ACTIVE_DONE);
    }
    active_exchange_free(x);
    active_session_free(session);
}

RUN_TESTS(TEST(what_is_wrong_with_a_session_is_told_by_each_exchange),
          TEST(a_session_that_is_set_up_after_its_first_use_says_so),
          TEST(a_store_is_read_and_written_in_steps_of_its_own),
          TEST(a_store_that_cannot_be_used_is_told_with_a_word),
          TEST(processes_with_one_store_make_one_token_request),
          TEST(a_forked_child_goes_on_with_the_session))
