/*
 * How it works: one table of items, one of facts.  Statements are prepared
 * once.  Between two commits a power cut loses the newest results only
 * (synchronous = NORMAL in write-ahead mode, sqlite.org/pragma.html), which is
 * all right as they are made again.
 */
#include "grader/batch/journal.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define VERSION "grader-journal-2"

struct journal {
	sqlite3 *database;
	sqlite3_stmt *put, *all, *set, *get, *count, *find;
};

static const char *const STATES[] = {
	[ITEM_WAITING] = "waiting",
	[ITEM_DONE] = "done",
	[ITEM_MISSING] = "missing",
	[ITEM_TROUBLE] = "trouble",
	[ITEM_ELSEWHERE] = "elsewhere",
};

const char *item_state_name(enum item_state state)
{
	return STATES[state];
}

void item_release(struct item *item)
{
	free(item->student);
	free(item->name);
	free(item->exercise);
	free(item->path);
	free(item->input);
	free(item->report);
	free(item->trouble);
	free(item->section);
	free(item->concern);
	free(item->verdict);
	free(item->criteria);
	*item = (struct item){0};
}

static int fail(struct journal *journal, const char *what, struct err *err)
{
	int code = sqlite3_errcode(journal->database);

	return err_set(err,
		code == SQLITE_FULL      ? -ENOSPC
		: code == SQLITE_BUSY    ? -EBUSY
		: code == SQLITE_NOTADB  ? -EINVAL
		: code == SQLITE_CORRUPT ? -EINVAL
					 : -EIO,
		"journal: cannot %s: %s", what,
		sqlite3_errmsg(journal->database));
}

static int run(struct journal *journal, const char *sql, const char *what,
	struct err *err)
{
	if (sqlite3_exec(journal->database, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return fail(journal, what, err);
}

static int prepare(struct journal *journal, sqlite3_stmt **statement,
	const char *sql, struct err *err)
{
	if (sqlite3_prepare_v3(journal->database, sql, -1,
		    SQLITE_PREPARE_PERSISTENT, statement, NULL) == SQLITE_OK)
		return 0;
	return fail(journal, "prepare", err);
}

static int prepare_all(struct journal *journal, struct err *err)
{
	int r = prepare(journal, &journal->put,
		"INSERT OR REPLACE INTO item VALUES "
		"(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		err);

	if (!r)
		r = prepare(journal, &journal->all,
			"SELECT * FROM item ORDER BY number", err);
	if (!r)
		r = prepare(journal, &journal->set,
			"INSERT OR REPLACE INTO fact VALUES (?,?)", err);
	if (!r)
		r = prepare(journal, &journal->get,
			"SELECT value FROM fact WHERE name = ?", err);
	if (!r)
		r = prepare(journal, &journal->count,
			"SELECT count(*) FROM item WHERE state = ?", err);
	if (!r)
		r = prepare(journal, &journal->find,
			"SELECT * FROM item WHERE student = ? AND exercise = ?",
			err);
	return r;
}

static int make_tables(struct journal *journal, struct err *err)
{
	return run(journal,
		"BEGIN;"
		"CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
		" WITHOUT ROWID;"
		"CREATE TABLE item (number INTEGER NOT NULL,"
		" student TEXT NOT NULL, name TEXT NOT NULL,"
		" exercise TEXT NOT NULL, late INTEGER NOT NULL,"
		" path TEXT NOT NULL, input TEXT NOT NULL, state TEXT NOT NULL,"
		" report TEXT NOT NULL, trouble TEXT, verdict TEXT,"
		" score REAL, max_score REAL, extra_score REAL, extra_max REAL,"
		" criteria TEXT, handed_in INTEGER, stamp INTEGER,"
		" seconds REAL, section TEXT, concern TEXT,"
		" PRIMARY KEY (student, "
		"exercise))"
		" WITHOUT ROWID;"
		"CREATE INDEX by_number ON item (number);"
		"CREATE INDEX by_state ON item (state);"
		"INSERT INTO fact VALUES ('version', '" VERSION "');"
		"COMMIT",
		"make its tables", err);
}

static bool has_tables(struct journal *journal)
{
	sqlite3_stmt *statement = NULL;
	bool there = false;

	if (sqlite3_prepare_v2(journal->database,
		    "SELECT count(*) FROM sqlite_master WHERE name = 'fact'",
		    -1, &statement, NULL) == SQLITE_OK &&
		sqlite3_step(statement) == SQLITE_ROW)
		there = sqlite3_column_int(statement, 0) > 0;
	sqlite3_finalize(statement);
	return there;
}

static int check_version(
	struct journal *journal, const char *path, struct err *err)
{
	char *version = NULL;
	int r = journal_get(journal, "version", &version, err);

	if (!r && (!version || strcmp(version, VERSION) != 0))
		r = err_set(err, -ENOTSUP,
			"'%s' is a journal of another version of grader "
			"(%.40s); give another --out",
			path, version ? version : "none");
	free(version);
	return r;
}

static int set_up(
	struct journal *journal, const char *path, bool *fresh, struct err *err)
{
	/* held until closed: one grader a journal */
	int r = run(journal,
		"PRAGMA locking_mode = EXCLUSIVE;"
		"PRAGMA journal_mode = WAL;"
		"PRAGMA synchronous = NORMAL;"
		"BEGIN IMMEDIATE; COMMIT",
		"open it", err);

	if (r == -EBUSY)
		return err_set(
			err, r, "'%s' is in use by another grader", path);
	if (r == -EINVAL)
		return err_set(err, r,
			"'%s' is no journal of grader; give another --out",
			path);
	if (r)
		return r;
	*fresh = !has_tables(journal);
	if (*fresh)
		r = make_tables(journal, err);
	if (!r)
		r = prepare_all(journal, err);
	return r ? r : check_version(journal, path, err);
}

int journal_open(
	struct journal **out, const char *path, bool *fresh, struct err *err)
{
	struct journal *journal = xcalloc(1, sizeof(*journal));
	int r;

	if (sqlite3_open_v2(path, &journal->database,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
			    SQLITE_OPEN_NOFOLLOW,
		    NULL) != SQLITE_OK)
		r = err_set(err, -EIO, "cannot open the journal '%s': %s", path,
			sqlite3_errmsg(journal->database));
	else
		r = set_up(journal, path, fresh, err);
	if (r) {
		journal_close(journal);
		return r;
	}
	*out = journal;
	return 0;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	sqlite3_finalize(journal->put);
	sqlite3_finalize(journal->all);
	sqlite3_finalize(journal->set);
	sqlite3_finalize(journal->get);
	sqlite3_finalize(journal->count);
	sqlite3_finalize(journal->find);
	sqlite3_close(journal->database);
	free(journal);
}

int journal_begin(struct journal *journal, struct err *err)
{
	return run(journal, "BEGIN", "begin", err);
}

int journal_commit(struct journal *journal, struct err *err)
{
	return run(journal, "COMMIT", "write", err);
}

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
	/* a NULL text is NULL there */
	sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

/* Runs a statement that gives no rows and makes it ready for the next. */
static int step(
	struct journal *journal, sqlite3_stmt *statement, struct err *err)
{
	int r = sqlite3_step(statement) == SQLITE_DONE
			? 0
			: fail(journal, "write", err);

	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return r;
}

int journal_set(struct journal *journal, const char *name, const char *value,
	struct err *err)
{
	bind_text(journal->set, 1, name);
	bind_text(journal->set, 2, value);
	return step(journal, journal->set, err);
}

static char *column_text(sqlite3_stmt *statement, int column)
{
	const void *text = sqlite3_column_text(statement, column);

	return text ? xstrdup(text) : NULL;
}

int journal_get(struct journal *journal, const char *name, char **value,
	struct err *err)
{
	int code, r = 0;

	*value = NULL;
	bind_text(journal->get, 1, name);
	code = sqlite3_step(journal->get);
	if (code == SQLITE_ROW)
		*value = column_text(journal->get, 0);
	else if (code != SQLITE_DONE)
		r = fail(journal, "read", err);
	sqlite3_reset(journal->get);
	return r;
}

int journal_put(
	struct journal *journal, const struct item *item, struct err *err)
{
	sqlite3_stmt *put = journal->put;

	sqlite3_bind_int64(put, 1, item->number);
	bind_text(put, 2, item->student);
	bind_text(put, 3, item->name);
	bind_text(put, 4, item->exercise);
	sqlite3_bind_int(put, 5, item->late);
	bind_text(put, 6, item->path ? item->path : "");
	bind_text(put, 7, item->input ? item->input : "");
	bind_text(put, 8, STATES[item->state]);
	bind_text(put, 9, item->report);
	bind_text(put, 10, item->trouble);
	bind_text(put, 11, item->verdict);
	sqlite3_bind_double(put, 12, item->score);
	sqlite3_bind_double(put, 13, item->max_score);
	sqlite3_bind_double(put, 14, item->extra_score);
	sqlite3_bind_double(put, 15, item->extra_max);
	bind_text(put, 16, item->criteria);
	sqlite3_bind_int64(put, 17, item->handed_in);
	sqlite3_bind_int64(put, 18, item->stamp);
	sqlite3_bind_double(put, 19, item->seconds);
	bind_text(put, 20, item->section);
	bind_text(put, 21, item->concern);
	return step(journal, put, err);
}

static enum item_state state_by_name(const char *name)
{
	for (int i = 0; i <= ITEM_ELSEWHERE; i++)
		if (name && !strcmp(name, STATES[i]))
			return (enum item_state)i;
	return ITEM_WAITING;
}

static void read_row(sqlite3_stmt *row, struct item *item)
{
	auto_free char *state = column_text(row, 7);

	*item = (struct item){
		.number = sqlite3_column_int64(row, 0),
		.student = column_text(row, 1),
		.name = column_text(row, 2),
		.exercise = column_text(row, 3),
		.late = sqlite3_column_int(row, 4) != 0,
		.path = column_text(row, 5),
		.input = column_text(row, 6),
		.state = state_by_name(state),
		.report = column_text(row, 8),
		.trouble = column_text(row, 9),
		.verdict = column_text(row, 10),
		.score = sqlite3_column_double(row, 11),
		.max_score = sqlite3_column_double(row, 12),
		.extra_score = sqlite3_column_double(row, 13),
		.extra_max = sqlite3_column_double(row, 14),
		.criteria = column_text(row, 15),
		.handed_in = sqlite3_column_int64(row, 16),
		.stamp = sqlite3_column_int64(row, 17),
		.seconds = sqlite3_column_double(row, 18),
		.section = column_text(row, 19),
		.concern = column_text(row, 20),
	};
}

int journal_each(struct journal *journal,
	int (*each)(void *context, const struct item *item), void *context,
	struct err *err)
{
	int code = SQLITE_DONE, r = 0;

	while (!r && (code = sqlite3_step(journal->all)) == SQLITE_ROW) {
		struct item item;

		read_row(journal->all, &item);
		r = each(context, &item);
		item_release(&item);
	}
	if (!r && code != SQLITE_DONE)
		r = fail(journal, "read", err);
	sqlite3_reset(journal->all);
	return r;
}

int journal_renew(struct journal *journal, struct err *err)
{
	return run(journal, "UPDATE item SET number = -1", "write", err);
}

int journal_forget(struct journal *journal, struct err *err)
{
	return run(journal, "DELETE FROM item WHERE number < 0", "write", err);
}

int journal_number(struct journal *journal, struct err *err)
{
	return run(journal,
		"UPDATE item SET number = ranked.rank FROM (SELECT student AS "
		"s,"
		" exercise AS e, row_number() OVER (ORDER BY student, number)"
		" - 1 AS rank FROM item) AS ranked"
		" WHERE student = ranked.s AND exercise = ranked.e",
		"number", err);
}

int journal_find(struct journal *journal, const char *student,
	const char *exercise, struct item *item, bool *found, struct err *err)
{
	int code, r = 0;

	*found = false;
	bind_text(journal->find, 1, student);
	bind_text(journal->find, 2, exercise);
	code = sqlite3_step(journal->find);
	if (code == SQLITE_ROW) {
		read_row(journal->find, item);
		*found = true;
	} else if (code != SQLITE_DONE) {
		r = fail(journal, "read", err);
	}
	sqlite3_reset(journal->find);
	return r;
}

int journal_count(struct journal *journal, enum item_state state, size_t *count,
	struct err *err)
{
	int r = 0;

	bind_text(journal->count, 1, STATES[state]);
	if (sqlite3_step(journal->count) == SQLITE_ROW)
		*count = (size_t)sqlite3_column_int64(journal->count, 0);
	else
		r = fail(journal, "read", err);
	sqlite3_reset(journal->count);
	return r;
}
