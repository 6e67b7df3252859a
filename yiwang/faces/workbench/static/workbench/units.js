// Who chooses a unit from the whole list means it: the choice "another unit" is made with it.
for (const list of document.querySelectorAll("select[data-picks]")) {
  list.addEventListener("change", () => {
    if (list.value) document.getElementById(list.dataset.picks).checked = true;
  });
}
