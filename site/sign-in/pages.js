// Sends forms that change something as JSON: no form of another site can send that (D51).
for (const form of document.querySelectorAll("form[data-call]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const alert = form.querySelector("[role=alert]");
    const buttons = form.querySelectorAll("button");
    const facts = new FormData(form, event.submitter);
    // A button that names a value stands for the field of the same name.
    const body = Object.fromEntries(facts);
    if (event.submitter?.name) body[event.submitter.name] = event.submitter.value;
    alert.textContent = "";
    for (const button of buttons) button.disabled = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const told = answer.status === 204 ? {} : await answer.json();
      if (answer.ok) return location.assign(told.next ?? location.href);
      alert.textContent = told.detail ?? "That did not work.";
    } catch {
      alert.textContent = "The service does not answer. Try again.";
    }
    for (const button of buttons) button.disabled = false;
  });
}
