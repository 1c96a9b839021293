/* Who is in a class, by tables of several kinds. */
#include <criterion/criterion.h>

#include <errno.h>
#include <string.h>

#include "grader/gradebook/roster.h"

static struct roster read_good(const char *text)
{
	struct roster roster;
	struct err err = {""};

	cr_assert_eq(roster_read(&roster, text, strlen(text), "r.csv", &err), 0,
		"%s", err.text);
	return roster;
}

static void refused(const char *text, const char *why)
{
	struct roster roster;
	struct err err = {""};

	cr_assert_eq(roster_read(&roster, text, strlen(text), "r.csv", &err),
		-EINVAL);
	cr_expect(strstr(err.text, why), "%s", err.text);
}

/* ID or NAME is that of the row whose id is WANTED; NULL: of none. */
static void finds(const struct roster *roster, const char *id, const char *name,
	const char *wanted)
{
	size_t row = roster_find(roster, id, name);

	if (!wanted)
		cr_expect_eq(row, ROSTER_NONE, "%s is found", id);
	else if (row == ROSTER_NONE)
		cr_expect(false, "%s is not found", id);
	else
		cr_expect_str_eq(roster->rows[row].id, wanted);
}

Test(roster, has_headings_in_chinese_or_english)
{
	struct roster roster =
		read_good("\xef\xbb\xbf序号,学号,姓名,班级,电子邮箱\r\n"
			  "1,2021001,张三,一班,zhang@x.cn\r\n\r\n2,2021002,"
			  "李四,二班,\r\n");

	cr_assert_eq(roster.count, 2);
	cr_expect(roster.sections);
	cr_expect_str_eq(roster.rows[1].id, "2021002");
	cr_expect_str_eq(roster.rows[1].name, "李四");
	cr_expect_str_eq(roster.rows[1].section, "二班");
	cr_expect_eq(roster_find_id(&roster, "2021002"), 1);
	cr_expect_eq(roster_find_id(&roster, "202100"), ROSTER_NONE);
	roster_release(&roster);
	roster = read_good("Student ID;First name;Last name\n7;Ann;Lee\n"
			   "8;三;张\n");
	cr_assert_eq(roster.count, 2);
	cr_expect_str_eq(roster.rows[0].name, "Ann Lee");
	cr_expect_str_eq(roster.rows[1].name, "张三");
	cr_expect_not(roster.sections);
	roster_release(&roster);
}

Test(roster, finds_who_hands_in_under_another_name)
{
	struct roster roster = read_good("id,name,email,GitHub\n"
					 "2021001,Ann,ann.lee@x.cn,annie-l\n"
					 "2021002,Bob,bob@x.cn,\n"
					 "2021003,Wei,wei1@x.cn,\n"
					 "2021004,Wei,wei2@x.cn,\n"
					 "202,Eve,,\n");

	finds(&roster, "2021001-Ann", "2021001-Ann", "2021001");
	finds(&roster, "张2021002三", "", "2021002");
	finds(&roster, "ann.lee@x.cn", "", "2021001");
	finds(&roster, "ann.lee", "", "2021001");
	finds(&roster, "annie-l", "", "2021001");
	finds(&roster, "Bob", "Bob", "2021002");
	finds(&roster, "55", "Bob", "2021002");
	finds(&roster, "Wei", "Wei", NULL); /* two of them */
	finds(&roster, "20210011", "", NULL);
	finds(&roster, "2021001 2021002", "", NULL);
	finds(&roster, "stranger", "stranger", NULL);
	finds(&roster, "", "", NULL);
	roster_release(&roster);
}

Test(roster, is_a_worksheet_of_moodle_or_a_gradebook_of_canvas)
{
	struct roster roster = read_good(
		"Identifier,\"Full name\",\"Email address\",Status,Grade\n"
		"\"Participant 101\",张三,z@x.cn,,\n"
		"\"Participant 102\",李四,l@x.cn,,7\n");

	cr_assert_eq(roster.count, 2);
	cr_expect_str_eq(roster.rows[0].id, "101");
	cr_expect_str_eq(roster.rows[0].name, "张三");
	finds(&roster, "l@x.cn", "", "102");
	roster_release(&roster);
	roster =
		read_good("Student,ID,SIS User ID,SIS Login ID,Section,H (77)\n"
			  "    Points Possible,,,,,100\n"
			  "\"Zhang, San\",12,2021001,zs,A,\n");
	cr_assert_eq(roster.count, 1);
	cr_expect_str_eq(roster.rows[0].id, "12");
	cr_expect_str_eq(roster.rows[0].name, "Zhang, San");
	cr_expect_str_eq(roster.rows[0].section, "A");
	finds(&roster, "2021001", "", "12");
	finds(&roster, "zs", "", "12");
	roster_release(&roster);
	/* its sections look like the participants of Moodle */
	roster = read_good("学号,班级\n1001,Class 1\n1002,Class 2\n");
	cr_expect_str_eq(roster.rows[1].id, "1002");
	roster_release(&roster);
}

Test(roster, that_names_nobody_for_sure_is_refused)
{
	refused("mark,remark\n1,2\n", "no column of ids");
	refused("id,name\n", "no student");
	refused("id,name\n7,a\n7,b\n", "'7' is in it twice");
	refused("id,name\n7,a\n,b\n", "row 3 has no 'id'");
	refused("id,name\n\"7,a\n", "does not end");
}
