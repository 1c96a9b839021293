"use strict";
/* Comfort only: the page says everything without this. */
(function () {
	const zh = document.getElementById("language-zh");
	const en = document.getElementById("language-en");

	function follow() {
		const language = en.checked ? "en" : "zh";

		document.documentElement.lang = language;
		document.body.className = "only-" + language;
	}
	zh.addEventListener("change", follow);
	en.addEventListener("change", follow);
	follow();

	if (!navigator.clipboard)
		return;
	for (const block of document.querySelectorAll("pre.command")) {
		const button = document.createElement("button");
		const text = block.textContent;

		button.type = "button";
		button.className = "copy";
		button.textContent = "复制 / copy";
		button.addEventListener("click", function () {
			navigator.clipboard.writeText(text).then(function () {
				button.textContent = "✓";
			});
		});
		block.prepend(button);
	}
})();
