/* The files of the page, see html.h. */
	.section .rodata
	.globl page_css, page_css_size, page_js, page_js_size
page_css:
	.incbin PAGE_CSS
page_css_end:
page_js:
	.incbin PAGE_JS
page_js_end:
	.balign 8
page_css_size:
	.quad page_css_end - page_css
page_js_size:
	.quad page_js_end - page_js
	.section .note.GNU-stack, "", @progbits
