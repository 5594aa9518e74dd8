// Asks the browser for a passkey as the page's form says, and sends the answer with the form.
const form = document.querySelector("form[data-passkey]");

async function answer() {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return (await navigator.credentials.create({ publicKey })).toJSON();
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({ publicKey })).toJSON();
}

if (form) {
  try {
    const credential = await answer();
    credential.extensions = JSON.stringify(credential.clientExtensionResults);
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch {
    document.getElementById("passkey-state").textContent =
      "Your browser could not use a passkey, or you stopped it. You can start again.";
  }
}
