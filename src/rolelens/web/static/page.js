// Files may be dropped anywhere, a chosen posting file is sent at once, a table's progress is watched.
"use strict";

const tables = /\.(csv|tsv|jsonl|parquet)(\.gz|\.zst)?$/i;

document.querySelector("[data-focus]")?.focus({ preventScroll: true });

document.querySelector("[data-send]")?.addEventListener("change", (event) => {
  if (event.target.files.length) event.target.form.requestSubmit();
});

document.getElementById("text")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
});

addEventListener("dragover", (event) => {
  event.preventDefault();
  document.documentElement.classList.add("dropping");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.documentElement.classList.remove("dropping");
});
addEventListener("drop", (event) => {
  event.preventDefault();
  document.documentElement.classList.remove("dropping");
  const [file] = event.dataTransfer.files;
  const input = document.getElementById(file && tables.test(file.name) ? "table-file" : "file");
  if (!file || !input) return;
  const chosen = new DataTransfer();
  chosen.items.add(file);
  input.files = chosen.files;
  input.form.requestSubmit();
});

const watched = document.querySelector("[data-watch]");
if (watched) watch();

async function watch() {
  const line = watched.querySelector("[data-rows]");
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    const response = await fetch(watched.dataset.watch);
    if (!response.ok) break;
    const { share, rows, ended } = await response.json();
    if (ended) break;
    watched.querySelector("progress").value = share;
    line.textContent = line.dataset.rows.replace("{rows}", rows.toLocaleString());
  }
  location.reload();
}
