#line 1 "/etc/passwd"
error here, where gcc would quote the line;
int main(void) { return 0; }
