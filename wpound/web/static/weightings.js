// The sum of every level follows what is typed; the server has the last word.
const form = document.querySelector("[data-weightings]");

function percentIn(cell) {
  const typed = cell.querySelector("input").value.trim();
  return /^\d{1,3}$/.test(typed) ? Number(typed) : 0;
}

function wordsFor(total) {
  if (total < 100) return `${total}% of 100%, ${100 - total}% to give`;
  return total > 100 ? `${total}% of 100%, ${total - 100}% too much` : "100% of 100%, complete";
}

function showSum(under) {
  const box = form.querySelector(`[data-sum="${CSS.escape(under)}"]`);
  const cells = [...form.querySelectorAll(`[data-under="${CSS.escape(under)}"]`)];
  if (!box || !cells.length) return;
  const total = cells.reduce((sum, cell) => sum + percentIn(cell), 0);
  const whole = Math.max(total, 100);
  box.classList.toggle("app-sum--off", total !== 100);
  box.querySelector("[data-sum-text]").textContent = wordsFor(total);
  box.querySelector("svg").setAttribute("viewBox", `0 0 ${whole} 10`);
  let at = 0;
  for (const cell of cells) {
    const part = box.querySelector(`[data-part="${CSS.escape(cell.dataset.code)}"]`);
    part.setAttribute("x", at);
    part.setAttribute("width", percentIn(cell));
    at += percentIn(cell);
  }
  box.querySelector(".app-sum__end").setAttribute("x", whole > 100 ? 100 : 99.5);
}

form?.addEventListener("input", (event) => {
  const cell = event.target.closest("[data-under]");
  if (cell) showSum(cell.dataset.under);
});
